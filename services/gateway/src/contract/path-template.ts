/** One segment of a route: text that must be there, or a variable. */
export interface PathSegment {
  readonly text?: string;
  readonly variable?: string;
}

/** `/v1/imports/{kind}/{id}:run` taken apart, as `google.api.http` writes it. */
export interface PathTemplate {
  readonly segments: readonly PathSegment[];
  /** `run` of `…/{id}:run`. */
  readonly verb?: string;
  /** Names of the variables, in order. */
  readonly variables: readonly string[];
}

const VARIABLE = /^\{([a-z_]+)\}$/;
const VERB = /:([A-Za-z]+)$/;

/** @param nameOf the JSON name of a field that the template names as proto does */
export const parsePathTemplate = (template: string, nameOf: (field: string) => string): PathTemplate => {
  const verb = VERB.exec(template)?.[1];
  const path = verb === undefined ? template : template.slice(0, -verb.length - 1);
  const segments = path
    .slice(1)
    .split('/')
    .map((segment): PathSegment => {
      const [, field] = VARIABLE.exec(segment) ?? [];
      return field === undefined ? { text: segment } : { variable: nameOf(field) };
    });
  const variables = segments.flatMap(({ variable }) => variable ?? []);
  return { segments, variables, ...(verb === undefined ? {} : { verb }) };
};

/** As find-my-way, Fastify's router, writes it; a verb behind a variable is left to the handler, see `http/verbs.ts`. */
export const routerPath = ({ segments, verb }: PathTemplate): string => {
  const path = segments.map(({ text, variable }) => text?.replaceAll(':', '::') ?? `:${variable}`).join('/');
  return endsInVariable(segments) || verb === undefined ? `/${path}` : `/${path}::${verb}`;
};

/** The path with the values of its variables. */
export const pathWith = (template: PathTemplate, values: object): string => {
  const { segments, verb } = template;
  const texts = values as Readonly<Record<string, string>>;
  const path = segments.map(({ text, variable }) => text ?? encodeURIComponent(texts[variable!]!)).join('/');
  return verb === undefined ? `/${path}` : `/${path}:${verb}`;
};

/** As OpenAPI writes it. */
export const documentedPath = ({ segments, verb }: PathTemplate): string => {
  const path = segments.map(({ text, variable }) => text ?? `{${variable}}`).join('/');
  return verb === undefined ? `/${path}` : `/${path}:${verb}`;
};

/** Matches the paths of a template, to tell an unknown path from a wrong method. */
export const pathPattern = ({ segments, verb }: PathTemplate): RegExp => {
  const path = segments.map(({ text }) => (text === undefined ? '[^/:]+' : text.replaceAll('.', '\\.'))).join('/');
  return new RegExp(`^/${path}${verb === undefined ? '' : `:${verb}`}$`);
};

const endsInVariable = (segments: readonly PathSegment[]): boolean => segments.at(-1)?.variable !== undefined;
