import { type ContainerRuntimeClient, GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import type { EngineName, StartedEngine } from '../engine.js';
import { freePort } from '../local/free-port.js';
import { type Probe, untilReady } from '../until-ready.js';
import { type DockerImage, dockerImages } from './docker-images.js';

/** From the created container on; the download of the image comes before. */
const START_MILLISECONDS = 120_000;
const STOP_MILLISECONDS = 20_000;

/** An engine in a container. Its port outside is chosen by us, because Docker would choose a new one at every start. */
export class DockerEngine implements StartedEngine {
  readonly source = 'docker';
  version = '';
  pid: number | undefined;

  private constructor(
    readonly name: EngineName,
    readonly address: string,
    private readonly docker: ContainerRuntimeClient,
    private readonly container: StartedTestContainer,
    private readonly probe: Probe,
  ) {}

  static async start(name: EngineName, docker: ContainerRuntimeClient, probe: Probe): Promise<DockerEngine> {
    const image = dockerImages[name];
    const [host, port] = [docker.info.containerRuntime.host, await freePort()];
    const container = await containerOf(image, host, port).start();
    const engine = new DockerEngine(name, image.address(host, port), docker, container, probe);
    try {
      await engine.ready();
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    await this.handle.start();
    await this.ready();
  }

  async stop(): Promise<void> {
    if (this.pid === undefined) return;
    await this.docker.container.stop(this.handle, { timeout: STOP_MILLISECONDS });
    this.pid = undefined;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async kill(): Promise<void> {
    if (this.pid === undefined) return;
    await this.handle.kill();
    await this.handle.wait();
    this.pid = undefined;
  }

  async memory(): Promise<number | undefined> {
    if (this.pid === undefined) return undefined;
    const { memory_stats: memory } = await this.handle.stats({ stream: false });
    return memory.usage / 1024 ** 2;
  }

  async close(): Promise<void> {
    await this.container.stop();
  }

  private async ready(): Promise<void> {
    const answered = await untilReady(() => this.probe(this.address), START_MILLISECONDS);
    await this.prepare();
    this.version = answered;
    this.pid = (await this.handle.inspect()).State.Pid;
  }

  private async prepare(): Promise<void> {
    const { prepare } = dockerImages[this.name];
    if (!prepare) return;
    const { exitCode, output } = await this.docker.container.exec(this.handle, [...prepare]);
    if (exitCode !== 0) throw new Error(`${this.name} could not be prepared: ${output}`);
  }

  private get handle(): ReturnType<ContainerRuntimeClient['container']['getById']> {
    return this.docker.container.getById(this.container.getId());
  }
}

const containerOf = (
  { image, port, environment, command }: DockerImage,
  host: string,
  outside: number,
): GenericContainer => {
  const container = new GenericContainer(image)
    .withEnvironment(environment(host, outside))
    .withExposedPorts({ container: port, host: outside })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(START_MILLISECONDS);
  return command ? container.withCommand([...command]) : container;
};
