import { install } from '../setup/install.mjs';
import { buf, protoFiles } from './buf.mjs';
import { earlierCommit, exportProtos } from './earlier-protos.mjs';

/** Fails when proto/ breaks a client of the earlier commit; RAPPORT_PROTO_BASE names another commit to compare with. */
install();
const commit = earlierCommit();
const image = commit && protoFiles().length > 0 ? exportProtos(commit) : undefined;
if (image === undefined) {
  console.log('There is no earlier version of proto/ to compare with: nothing can be broken yet.');
} else {
  buf('breaking', 'proto', '--against', image);
  console.log(`proto/ breaks nothing that ${commit.slice(0, 10)} had.`);
}
