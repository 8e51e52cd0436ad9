const LISTS = ['contacts', 'accounts', 'opportunities', 'pipelines', 'products', 'representatives'];
const KINDS = ['contacts', 'accounts', 'opportunities', 'products', 'representatives'];
const DAYS = ['2016-12-31', '2017-03-05', '2017-12-31'];
const WON = ['quarter,owner', 'month,pipeline', 'product,account', 'year,region,manager'];
const FILTERS = {
  contacts: ['lastName = "Lovelace"', 'email = "grace@compilers.example"', 'tags:"vip"'],
  accounts: ['name:"engines"', 'employees > 2000'],
  opportunities: [
    'stage = "Engaging"',
    'stage = "engaging "',
    'stage = "Propose"',
    'status = "won"',
    'amount.minor > 50000',
  ],
};

/** Everything that a client can see, as `{ path, answer }` in a row. Nothing depends on the day on which it is asked. */
export const everyAnswer = async (api, today) => {
  const answers = [];
  const ask = async (path) => {
    const answer = await api.get(path);
    answers.push({ path, answer });
    return answer;
  };
  await ask('/v1/me');
  for (const list of LISTS) await records(ask, list);
  await figures(ask, today, answers);
  for (const kind of KINDS) await imports(ask, kind);
  await feed(ask);
  for (const context of ['contacts', 'sales']) await ask(`/v1/operations/${context}/parked`);
  await ask('/v1/access-tokens');
  return answers;
};

/** The list, some questions to it, and of each record its present, its history and two moments of its past. */
const records = async (ask, list) => {
  const { data } = await ask(`/v1/${list}?archived=true&limit=200&sort=id`);
  await ask(`/v1/${list}?limit=200&total=true&sort=id`);
  for (const filter of FILTERS[list] ?? []) await ask(`/v1/${list}?sort=id&filter=${encodeURIComponent(filter)}`);
  for (const { id } of data) {
    const history = await ask(`/v1/${list}/${id}/history?limit=200`);
    await ask(`/v1/${list}/${id}`);
    const moments = [history.data.at(-1), history.data[1] ?? history.data[0]];
    for (const at of new Set(moments.map(({ occurredAt }) => occurredAt))) await ask(`/v1/${list}/${id}?asOf=${at}`);
  }
};

/** Not of the pipeline in which the deals are that an import brings in later. */
const figures = async (ask, today, answers) => {
  const { answer } = answers.find(({ path }) => path.startsWith('/v1/pipelines?'));
  const data = answer.data.filter(({ name }) => name !== 'Wholesale');
  for (const day of [...DAYS, today]) {
    for (const { id } of data) await ask(`/v1/pipelines/${id}/board?asOf=${day}`);
    for (const groupBy of WON) await ask(`/v1/reports/won?groupBy=${groupBy}&asOf=${day}`);
  }
  for (const { id } of data) await ask(`/v1/reports/outcomes?pipelineId=${id}`);
};

const imports = async (ask, kind) => {
  const { data } = await ask(`/v1/imports/${kind}?limit=200`);
  for (const { id } of data) {
    await ask(`/v1/imports/${kind}/${id}`);
    await ask(`/v1/imports/${kind}/${id}/rows?limit=200`);
  }
};

/** The feed from its beginning, and from a place that a client has kept. */
const feed = async (ask) => {
  const { next } = await ask('/v1/events?limit=100');
  await ask(`/v1/events?limit=500&after=${next}`);
  await ask(
    `/v1/events?limit=500&filter=${encodeURIComponent('event = "OpportunityMoved" OR event = "AccountEdited"')}`,
  );
};
