// What a person does first, with the command as it was installed: in a home of its own, and without the Node of the project on the path.
import {type SpawnSyncReturns, spawn, spawnSync} from 'node:child_process';
import {copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';

export interface Installed {
	/** What is started, and the words in front of those of the command. */
	readonly program: readonly string[];
	/** An empty folder: home, data and all that is written. */
	readonly home: string;
	/** Where the command looks for other programs. */
	readonly path: string;
}

const FIXTURES = resolve('fixtures');

export function expectThat(isSo: boolean, sentence: string, found: unknown = ''): void {
	if (!isSo) throw new Error(`Expected ${sentence}, but found ${String(found)}`);
	process.stdout.write(`ok  ${sentence}\n`);
}

/** @throws {Error} At the first thing that is not as it should be. */
export async function tryOut({program, home, path}: Installed): Promise<void> {
	const [file = '', ...before] = program;
	const options = {cwd: home, env: {HOME: home, PATH: path, LANG: 'C.UTF-8'}, encoding: 'utf8'} as const;
	const run = (...words: string[]): SpawnSyncReturns<string> => spawnSync(file, [...before, ...words], options);
	const said = ({status, stdout, stderr}: SpawnSyncReturns<string>): string => `${status}: ${stdout}${stderr}`;

	const version = run('--version');
	expectThat(version.status === 0 && /^\d+\.\d+\.\d+\n$/.test(version.stdout), 'a version', said(version));
	const report = run(join(FIXTURES, 'transactions'), '--json');
	const {rows} = JSON.parse(report.stdout).totals;
	expectThat(report.status === 0 && rows === 1410, 'a folder to be processed by threads', said(report));
	const made = run('init', 'watch');
	expectThat(made.status === 0 && existsSync(join(home, 'routes.json')), 'routes to be written', said(made));
	mkdirSync(join(home, 'inbox/unprocessed'), {recursive: true});
	copyFileSync(join(FIXTURES, 'transactions/transactions_001.csv'), join(home, 'inbox/unprocessed/a.csv'));
	const watched = run('watch', 'inbox', '--routes', 'routes.json', '--once', '--settle', '0', '--plain');
	const processed = existsSync(join(home, 'inbox/processed')) ? readdirSync(join(home, 'inbox/processed')) : [];
	expectThat(watched.status === 0 && processed.length === 1, 'a dropped file to be processed', said(watched));
	const routes = join(home, 'own.json');
	copyFileSync(join(FIXTURES, 'processors/uppercase.ts'), join(home, 'uppercase.ts'));
	writeFileSync(routes, '{"routes": [{"tag": "all", "match": "any", "steps": [{"processor": "./uppercase.ts"}]}]}');
	const own = run('watch', '--input', `inbox/processed/${processed[0]}`, '--routes', routes, '--json');
	expectThat(own.status === 0, 'a processor of one’s own to work in a process of its own', said(own));
	const detached = run(join(FIXTURES, 'transactions'), '--detach', '--simulate-io', '300');
	const frame = run('attach', join(FIXTURES, 'transactions'), '--once');
	expectThat(detached.status === 0 && frame.status === 0, 'a run in the background to be followed', said(frame));
	await tryServer(file, before, options);
}

async function tryServer(
	file: string,
	before: readonly string[],
	options: {readonly cwd: string; readonly env: Readonly<Record<string, string>>},
): Promise<void> {
	const server = spawn(file, [...before, 'serve', '--open', '--listen', '127.0.0.1:0', '--data', 'data'], {
		...options,
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	try {
		const url = await new Promise<string>((found, fail) => {
			let text = '';
			server.stderr.setEncoding('utf8').on('data', (part: string) => {
				text += part;
				const address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
				if (address !== undefined) found(address);
			});
			server.once('exit', code => fail(new Error(`Expected a server, but it ended with ${code}: ${text}`)));
		});
		const page = await fetch(`${url}/app/`);
		expectThat(page.ok && (await page.text()).includes('<title>fileproc-tui'), 'a page', page.status);
		const body = new FormData();
		body.append('file', new Blob(['department,sales\nBooks,1.50\n']), 'sales.csv');
		const sent = await fetch(`${url}/upload`, {method: 'POST', body});
		expectThat(sent.status === 201, 'a file to be taken', sent.status);
	} finally {
		const ended = new Promise(resolveEnd => server.once('exit', resolveEnd));
		server.kill('SIGTERM');
		expectThat((await ended) === 143, 'a server to end when it is told to');
	}
}
