import { install } from '../setup/install.mjs';
import { buf, protoFiles } from './buf.mjs';

install();
if (protoFiles().length === 0) console.log('proto/ holds no files yet: nothing to lint.');
else buf('lint', 'proto');
