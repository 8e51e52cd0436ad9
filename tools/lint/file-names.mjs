import { basename } from 'node:path';

const MEANINGLESS = /^(utils?|helpers?|common|base|manager)$|[.-](utils?|helpers?|common|base|manager)$/;

/** A file is named after what it says in the language of the business; these names say nothing. */
export const fileNames = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      meaningless: '"{{ name }}" says nothing about what the file holds. Name it after the thing it is about.',
    },
  },
  create: (context) => ({
    Program(node) {
      const name = basename(context.filename).replace(/(\.(int\.)?spec)?\.[cm]?[jt]s$/, '');
      if (MEANINGLESS.test(name)) context.report({ node, messageId: 'meaningless', data: { name } });
    },
  }),
};
