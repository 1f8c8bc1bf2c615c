// fileproc-tui against others. The way of a run:
//
//   options -> data (made once, kept) -> contest per kind: all agree -> taking turns -> medians -> Markdown
//
// data/ makes the files · rivals/ are the other programs, each a process of its own · programs.ts calls them and ours ·
// figures.ts and agreement.ts compare answers · measure/ times processes · table/ tells the results.
import {spawnSync} from 'node:child_process';
import {existsSync, writeFileSync} from 'node:fs';
import {availableParallelism, loadavg} from 'node:os';
import {fileURLToPath} from 'node:url';
import {BenchError} from './bench-error.ts';
import {ensureDataset, ensurePart, removeData} from './data/dataset.ts';
import {KINDS, scaleKind} from './data/kinds.ts';
import {type ContestResult, holdContest} from './measure/contest.ts';
import {measureDashboard} from './measure/dashboard.ts';
import {type LedgerPrice, measureLedger} from './measure/ledger-price.ts';
import {hasGnuTime} from './measure/process.ts';
import {measureStart} from './measure/start.ts';
import {measureWatch, WATCHED_FILES} from './measure/watched-folder.ts';
import {HELP, type Options, readOptions} from './options.ts';
import {duckdb, nameInOptions, slowRivals} from './programs.ts';
import {describeMachine, findParticipants} from './table/machine.ts';
import {toMarkdown} from './table/table.ts';

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const log = (message: string): void => {
	process.stderr.write(`${message}\n`);
};

const RESULTS_HEADING = `# Results of the benchmark

Written by \`npm run bench -- --write-results\`; [how it measures](README.md).

`;

async function main(options: Options): Promise<void> {
	if (options.help) {
		process.stdout.write(HELP);
		return;
	}
	if (options.clean) {
		removeData(options.data);
		return;
	}
	installRivals();
	const text = await runAll(options);
	process.stdout.write(text);
	if (options.writeResults) writeFileSync(pathOf('RESULTS.md'), RESULTS_HEADING + text);
}

async function runAll({only, rivals, threads, runs, scale, seed, data}: Options): Promise<string> {
	const asked = [duckdb, ...slowRivals].filter(rival => rivals.includes(nameInOptions(rival)));
	const present = asked.filter(({version}) => version() !== null);
	const dataOptions = {data, seed, log};
	const [loadBefore = 0] = loadavg();
	const started = performance.now();
	const contests: ContestResult[] = [];
	for (const kind of KINDS.filter(({name}) => only.includes(name)).map(each => scaleKind(each, scale))) {
		contests.push(
			await holdContest({
				data: ensureDataset(kind, dataOptions),
				part: () => ensurePart(kind, dataOptions),
				threads,
				runs,
				hasDuckdb: present.includes(duckdb),
				slowRivals: slowRivals.filter(rival => present.includes(rival)),
				log,
			}),
		);
	}
	const start = only.includes('start') ? await measureStart(runs) : null;
	const dashboardKind = KINDS.find(({name}) => name === 'one');
	const dashboard =
		only.includes('dashboard') && dashboardKind !== undefined
			? await measureDashboard(ensureDataset(scaleKind(dashboardKind, scale), dataOptions), {
					threads: Math.min(2, availableParallelism()),
					// It is a difference of some milliseconds, and half a second for each.
					runs: 3 * runs,
					log,
				})
			: null;
	const ledger: LedgerPrice[] = [];
	for (const kind of KINDS.filter(({name}) => only.includes('ledger') && (name === 'one' || name === 'tiny'))) {
		const options = {threads: Math.min(2, availableParallelism()), runs, log};
		ledger.push(await measureLedger(ensureDataset(scaleKind(kind, scale), dataOptions), options));
	}
	const watch = only.includes('watch')
		? await measureWatch(Math.max(1, Math.round(WATCHED_FILES * scale)), {runs: Math.min(3, runs), log})
		: null;
	log(`All done in ${Math.round((performance.now() - started) / 1000)} s.`);
	return toMarkdown({
		date: new Date(),
		machine: describeMachine(),
		loadBefore,
		participants: findParticipants(asked),
		runs,
		scale,
		contests,
		start,
		dashboard,
		ledger,
		watch,
		memoryMethod: hasGnuTime() ? 'the kernel’s figure, by GNU time' : 'VmHWM of /proc, read every few milliseconds',
	});
}

/** Once; from the lock file. */
function installRivals(): void {
	const folder = pathOf('.');
	if (existsSync(pathOf('node_modules'))) return;
	log('Installing the rivals …');
	const {status} = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {cwd: folder, stdio: ['ignore', 2, 2]});
	if (status !== 0) throw new BenchError('Expected npm ci to install the rivals in test/bench. See above.');
}

try {
	await main(readOptions(process.argv.slice(2)));
} catch (error) {
	if (!(error instanceof BenchError)) throw error;
	log(error.message);
	process.exitCode = 1;
}
