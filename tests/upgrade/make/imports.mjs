import { until } from './client.mjs';

const ENDS = new Set(['validated', 'done', 'failed', 'reverted', 'canceled']);

/** Announces and sends a file. */
export const announced = async (api, kind, name, text, settings = {}) => {
  const { id } = await api.post(`/v1/imports/${kind}`, { fileName: `${name}.csv`, settings });
  await api.put(`/v1/imports/${kind}/${id}/file`, text);
  return { id, kind, path: `/v1/imports/${kind}/${id}` };
};

/** Does what the verb says, to the end. */
export const through = async (api, { path }, verb) => {
  await api.post(`${path}:${verb}`);
  return until(
    () => api.get(path),
    ({ state }) => ENDS.has(state),
  );
};

const PEOPLE = `First Name,Last Name,Email,Phone,City,Company,Contact ID
Melusine,Brackwater,melusine@brackwater.example,+33 1 2345,Paris,Analytical Engines,I-1
Barbara,Liskov,barbara@types.example,,Boston,Compilers & Sons,I-2
Donald,Knuth,no e-mail address,,Stanford,,I-3
Grace,Hopper,grace@compilers.example,,New York,,I-4
`;

const COMPANIES = `company,sector,employees,annual revenue,subsidiary of
Cancity,retail,2448,718.62,
Isdom,medical,4540,,Cancity
Codehow,software,2641,2714.9,No Such Company
`;

const DEALS = `opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
D-1,Darcel Schlecht,GTX Pro,Analytical Engines,Won,2016-10-20,2017-03-01,1054
D-2,Vicki Laflamme,GTXPro,Cancity,Won,2016-10-25,2017-03-11,4514
D-3,Darcel Schlecht,MG Special,Isdom,Lost,2016-11-02,2017-03-07,0
D-4,Vicki Laflamme,MG Special,Isdom,Engaging,2016-12-29,,
D-5,Vicki Laflamme,GTX Pro,,Prospecting,,,
D-6,Nobody Known,GTX Pro,Cancity,Engaging,2017-02-01,,
`;

const mapping = { currency: 'USD', values: [{ field: 'product', from: 'GTXPro', to: 'GTX Pro' }] };
const deals = (from) =>
  DEALS.split('\n')
    .map((line) => line.replace(/^D-/, `${from}-`))
    .join('\n');

/** Imports in every state that does not move; `underWay.mjs` adds those that do. */
export const settledImports = async (api, pipelineId) => {
  const people = await announced(api, 'contacts', 'people', PEOPLE);
  await through(api, people, 'validate');
  await through(api, people, 'run');
  const companies = await announced(api, 'accounts', 'companies', COMPANIES, {
    currency: 'USD',
    scales: { revenue: 1e6 },
  });
  await through(api, companies, 'run');
  const history = await announced(api, 'opportunities', 'deals', DEALS, { ...mapping, pipelineId });
  await through(api, history, 'run');
  const again = await announced(api, 'opportunities', 'deals-again', deals('R'), { ...mapping, pipelineId });
  await through(api, again, 'run');
  await editOne(api, 'R-4');
  await through(api, again, 'revert');
  const dry = await announced(api, 'opportunities', 'deals-dry', deals('V'), { ...mapping, pipelineId });
  await through(api, dry, 'validate');
  const canceled = await announced(api, 'products', 'products', 'product,series\nPencil,Paper\n');
  await api.post(`${canceled.path}:cancel`);
  const agents = 'agent,manager\nMarkita Hansen,Celia\nNiesha Huff,Cara\n';
  const failed = await announced(api, 'representatives', 'agents', agents, { required: ['region'] });
  await through(api, failed, 'run');
  const unsent = await api.post('/v1/imports/contacts', { fileName: 'never-sent.csv' });
  const { data } = await api.get(`/v1/contacts?filter=${encodeURIComponent('externalId = "I-1"')}`);
  return { ids: { imported: data[0].id }, unsent: unsent.id };
};

/** Somebody works on a record that the import is about to take back. */
const editOne = async (api, externalId) => {
  const { data } = await api.get(`/v1/opportunities?filter=${encodeURIComponent(`externalId = "${externalId}"`)}`);
  await api.patch(`/v1/opportunities/${data[0].id}`, { nextStep: 'Keep this one' });
};
