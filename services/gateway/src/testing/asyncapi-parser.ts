import { parentPort, workerData } from 'node:worker_threads';
import parser from '@asyncapi/parser';

/** A worker that parses the document it was given: Jest cannot load the official parser itself. */
const { document, diagnostics } = await new parser.Parser().parse(workerData as string);
parentPort!.postMessage({ version: document?.version(), diagnostics });
