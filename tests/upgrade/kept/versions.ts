interface FeedPage {
  readonly data: readonly { readonly type: string }[];
}

/** Those that hold stages, which have ids since, and those that hold what a forecast counts them as besides. */
const SECOND = /\.Pipeline(Created|Edited|ChangeUndone)$/;
const THIRD = /\.Opportunity(Created|Moved|Reopened|ChangeUndone)$/;

const versionOf = (type: string): number => (THIRD.test(type) ? 3 : SECOND.test(type) ? 2 : 1);

/** Published again, an event of then is of today's version. */
export const withVersions = (page: FeedPage): FeedPage => ({
  ...page,
  data: page.data.map((event) => ({ ...event, dataversion: versionOf(event.type) })),
});
