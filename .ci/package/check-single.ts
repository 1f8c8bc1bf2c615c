// Tries the single executable out, on a machine that has no Node as far as it can see: `npm run check:single`.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {tryOut} from './try-out.ts';

const home = mkdtempSync(join(tmpdir(), 'fileproc-single-'));
try {
	await tryOut({program: [resolve('build/fileproc-tui')], home, path: '/usr/bin:/bin'});
} finally {
	rmSync(home, {recursive: true, force: true});
}
