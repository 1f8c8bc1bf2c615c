// Makes the package twice, from scratch, and expects the same bytes; then installs it without a network, and tries it out: `npm run check:package`.
import {execFileSync, spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {expectThat, tryOut} from './try-out.ts';

const work = mkdtempSync(join(tmpdir(), 'fileproc-package-'));

/** @returns Where it lies. */
function pack(name: string): string {
	const folder = join(work, name);
	mkdirSync(folder);
	// It builds first.
	execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {stdio: ['ignore', 'pipe', 'ignore']});
	const {version} = JSON.parse(readFileSync('package.json', 'utf8'));
	return join(folder, `fileproc-tui-${version}.tgz`);
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Without a network, where the machine lets us take it away; npm itself is told to do without in any case. */
function installOffline(archive: string, prefix: string, home: string): void {
	const canHide = spawnSync('unshare', ['--net', 'true']).status === 0;
	if (!canHide)
		process.stdout.write('--  The network cannot be taken away here (unshare --net), so npm alone does without.\n');
	const words = ['npm', 'install', '--global', '--offline', '--prefix', prefix, archive];
	const [file = '', ...rest] = canHide ? ['unshare', '--net', ...words] : words;
	execFileSync(file, rest, {env: {...process.env, HOME: home}, stdio: ['ignore', 'ignore', 'inherit']});
}

try {
	const [first, second] = [pack('first'), pack('second')];
	expectThat(hashOf(first) === hashOf(second), `the same package twice (sha256 ${hashOf(first)})`, hashOf(second));
	const [prefix, home] = [join(work, 'prefix'), join(work, 'home')];
	for (const folder of [prefix, home]) mkdirSync(folder);
	installOffline(first, prefix, home);
	const root = join(prefix, 'lib/node_modules/fileproc-tui');
	for (const name of ['LICENSE', 'dist/LICENSES.txt', 'dist/sbom.cdx.json', 'dist/fileproc-tui.1'])
		expectThat(existsSync(join(root, name)), `${name} in the package`);
	expectThat(existsSync(join(prefix, 'share/man/man1/fileproc-tui.1')), 'a manual page where man finds it');
	expectThat(!existsSync(join(root, 'node_modules')), 'no other packages');
	const types = readdirSync(join(root, 'dist'), {recursive: true, encoding: 'utf8'}).filter(name =>
		name.endsWith('.d.ts'),
	);
	expectThat(types.length < 150, `types of what is exported alone, ${types.length} files`);
	await tryOut({program: [join(prefix, 'bin/fileproc-tui')], home, path: `${dirname(process.execPath)}:/usr/bin:/bin`});
} finally {
	rmSync(work, {recursive: true, force: true});
}
