import { createTopics, describeTopics } from '@rapport/kafka';
import { topics } from './topics.js';

const { text, exitCode } = await topics(process.argv.slice(2), process.env, { createTopics, describeTopics });
(exitCode === 0 ? process.stdout : process.stderr).write(text);
process.exitCode = exitCode;
