/** Who may import whom: the whole table. What happens inside a service is checked by .dependency-cruiser.cjs. */
const ports = ['kernel'];
/** What seals decorates other ports, so privacy and files stand one step above them. */
const allPorts = ['port', 'privacy'];
const processing = [...ports, ...allPorts, 'access', 'observability'];
const adapter = ['kernel', ...allPorts, 'observability'];
const timers = [...processing, 'processing'];
const commands = [...processing, 'processing'];
const serviceKit = [
  ...timers,
  'timers',
  'custom-fields',
  'commands',
  'contracts',
  'config',
  'contexts',
  'mail',
  'search',
];
const imports = [...processing, 'processing', 'custom-fields', 'commands', 'service-kit', 'contracts'];
const service = [...serviceKit, 'service-kit', 'imports', 'contexts', 'outgoing', 'matching', 'testing'];
/** Puts a process together from the engines' addresses: what a service's main.ts stands on. */
const distributed = [...serviceKit, 'service-kit', 'adapter'];
const everything = [...service, 'adapter', 'distributed', 'service', 'standalone', 'tool'];

const mayImport = {
  kernel: [],
  contracts: [],
  contexts: [],
  config: [],
  outgoing: [],
  mail: ['config'],
  matching: ['kernel'],
  search: ['kernel', 'port'],
  'custom-fields': ['kernel', 'port'],
  observability: [],
  port: ports,
  privacy: [...ports, ...allPorts],
  access: [...ports, 'port', 'contexts'],
  processing,
  timers,
  commands,
  adapter,
  'service-kit': serviceKit,
  imports,
  testing: [...serviceKit, 'service-kit', 'imports', 'adapter'],
  service,
  distributed,
  standalone: everything,
  tool: everything,
  tests: everything,
};

const layer = (name) => `layer:${name}`;

const constraints = (table) =>
  Object.entries(table).map(([name, targets]) => ({
    sourceTag: layer(name),
    onlyDependOnLibsWithTags: targets.map(layer),
  }));

const rule = (table) => [
  'error',
  { enforceBuildableLibDependency: false, allowCircularSelfDependency: false, depConstraints: constraints(table) },
];

export const boundaries = rule(mayImport);

/** Only here is it known which adapters stand behind the ports. */
export const boundariesOfMain = rule({ ...mayImport, service: [...service, 'adapter', 'distributed'] });
