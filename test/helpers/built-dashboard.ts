// The dashboard as users run it: bundled, with React's production build. Node by itself runs no `.tsx`.
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {build} from 'rolldown';
import {howToBundle} from '../../rolldown.config.ts';
import type * as Dashboard from '../../source/ui/dashboard.tsx';

export async function importBuiltDashboard(): Promise<typeof Dashboard> {
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-tui-dashboard-'));
	process.once('exit', () => rmSync(folder, {recursive: true}));
	const input = fileURLToPath(new URL('../../source/ui/dashboard.tsx', import.meta.url));
	await build({...howToBundle, input, output: {dir: folder}});
	return import(join(folder, 'dashboard.js'));
}
