// The runs of the ledger that is at hand, for the dashboard. Nothing of a ledger is loaded before somebody asks.

import {existsSync} from 'node:fs';
import type {BatchSettings} from '../../engine/batch.ts';
import type {NamedFile} from '../../engine/read-again.ts';
import {Turns} from '../../engine/shared/turns.ts';
import type {Ledger, RunPlace} from '../../ledger/ledger.ts';
import type {RunEvent} from '../../model/events.ts';
import type {PastRuns} from '../../model/past-runs.ts';
import type {FileReport} from '../../model/report.ts';
import {formatInteger} from '../../text/format.ts';
import {bytesOfDisplayName, displayPath, pathBytes, pathText} from '../../text/path-text.ts';
import {wholePath} from '../../text/whole-path.ts';
import type {RunSettings} from '../arguments/settings.ts';

const NO_LEDGER =
	'No ledger is at hand. Runs are kept by --save, in a ledger of your own, or by --ledger <file>; this view lists those of the ledger that the run is started with.';

/** More are found by a search. */
const LISTED_RUNS = 500;

/** @param currentId - How the ledger names the run of this process. */
export function createPastRuns(
	settings: Pick<RunSettings, 'ledger' | 'save'>,
	currentId: () => string | null,
): PastRuns {
	const closing = new AbortController();
	const atWork = new Set<Promise<unknown>>();
	const use = async <Value>(perform: (ledger: Ledger) => Value): Promise<Value> => {
		const {openLedger} = await import('../../ledger/ledger.ts');
		const ledger = openLedger(await findLedger(settings));
		try {
			return perform(ledger);
		} finally {
			ledger.close();
		}
	};
	return {
		currentId,
		find: search =>
			use(ledger => {
				const runs = ledger.runs({search, limit: LISTED_RUNS + 1});
				return {runs: runs.slice(0, LISTED_RUNS), hasMore: runs.length > LISTED_RUNS};
			}),
		async *read(id, signal) {
			const {openLedger} = await import('../../ledger/ledger.ts');
			const ledger = openLedger(await findLedger(settings));
			try {
				yield* eventsToTheEnd(ledger.events(id), signal);
			} finally {
				ledger.close();
			}
		},
		async drift(id) {
			const {diffWithEarlierOf} = await import('../../ledger/diff-runs.ts');
			return use(ledger => diffWithEarlierOf(ledger, id));
		},
		async readAgain(id, files) {
			const reading = use(ledger => {
				const place = ledger.place(id);
				return place === null ? null : {place, settings: JSON.parse(ledger.settings(id)) as BatchSettings};
			}).then(async run => {
				if (run === null) throw new Error('The run has been removed from the ledger');
				const named = files.map(file => nameFile(run.place, file));
				return readAsNewRun(await findLedger(settings), named, run.settings, closing.signal);
			});
			const settled = reading.catch(() => {}).finally(() => atWork.delete(settled));
			atWork.add(settled);
			return reading;
		},
		reportCommand: id => `fileproc-tui history ${id} --json > report.json`,
		async close() {
			closing.abort();
			await Promise.all(atWork);
		},
	};
}

/** The ledger of this run, or else the user's own. @throws {Error} Where there is none, with what to do. */
async function findLedger({ledger, save}: Pick<RunSettings, 'ledger' | 'save'>): Promise<string> {
	if (ledger !== null) return ledger;
	const {ownLedgerPath} = await import('./open-ledger.ts');
	const path = ownLedgerPath();
	if (!save && !existsSync(path)) throw new Error(NO_LEDGER);
	return path;
}

async function* eventsToTheEnd(events: Iterable<RunEvent>, signal: AbortSignal): AsyncGenerator<RunEvent> {
	const {createTruncatedRun} = await import('../replay/truncated-recording.ts');
	const truncatedRun = createTruncatedRun();
	const turns = new Turns();
	for (const event of events) {
		truncatedRun.handle(event);
		yield event;
		if (turns.isOver()) await turns.next();
		signal.throwIfAborted();
	}
	yield* truncatedRun.remainingEvents();
}

/** A new run starts in the folder of this process, where the name of the old one may mean something else. */
function nameFile({folder, paths}: RunPlace, file: string): NamedFile {
	const resolved = (name: string): string => wholePath(pathText(bytesOfDisplayName(name)), folder);
	const path = resolved(file);
	const isFound = !paths.some(given => resolved(given) === path);
	const isSame = wholePath(pathText(bytesOfDisplayName(file))) === path;
	return {file: isSame ? file : displayPath(path), path: pathBytes(path), isFound};
}

async function readAsNewRun(
	ledger: string,
	files: readonly NamedFile[],
	settings: BatchSettings,
	signal: AbortSignal,
): Promise<string> {
	const {saveRun} = await import('../../ledger/save-run.ts');
	const {readAgain} = await import('../../engine/read-again.ts');
	const {readSettingsOf} = await import('../../engine/batch.ts');
	const {digestOfReading, digestOfSettings} = await import('../../engine/settings-digest.ts');
	// As in a run by itself: rejected records that were written elsewhere are not kept.
	const readSettings = readSettingsOf(settings);
	const digest = 'rejects' in settings ? null : digestOfSettings(readSettings);
	const saved = saveRun(ledger, settings, {
		...{settingsDigest: digest, reading: digestOfReading(readSettings), isResumed: false},
	});
	const reports = await readAgain(files, settings, {
		...{signal, onEvent: saved.handle},
		results: saved.results ?? undefined,
	});
	await saved.finish();
	return `Read again, as run ${saved.id}: ${describe(reports)}`;
}

function describe(reports: readonly FileReport[]): string {
	const counts = new Map<string, number>();
	for (const {status, error} of reports) {
		const outcome = error === null ? status : `${status} (${error.code})`;
		counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
	}
	return Array.from(counts, ([outcome, count]) => `${formatInteger(count)} ${outcome}`).join(', ');
}
