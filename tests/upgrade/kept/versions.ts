interface FeedPage {
  readonly data: readonly { readonly type: string }[];
}

/** Those that hold stages, which have ids since. */
const SECOND = /\.(Opportunity(Created|Moved|Reopened|ChangeUndone)|Pipeline(Created|Edited|ChangeUndone))$/;

/** Published again, an event of then is of today's version. */
export const withVersions = (page: FeedPage): FeedPage => ({
  ...page,
  data: page.data.map((event) => ({ ...event, dataversion: SECOND.test(event.type) ? 2 : 1 })),
});
