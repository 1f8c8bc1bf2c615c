// What changed between two runs: files that came, went or have other bytes, totals, and what analyses came to.

import type {AnalysisInfo} from '../model/analysis-info.ts';
import type {FileReport, Report} from '../model/report.ts';
import type {RunDiff} from '../model/run-diff.ts';
import {compareResults} from '../store/compare-results.ts';
import {bytesOfDisplayName, pathText} from '../text/path-text.ts';
import {wholePath} from '../text/whole-path.ts';
import type {Ledger, LedgerFile, RunPlace} from './ledger.ts';
import {LedgerError} from './ledger-error.ts';

type ComparedFile = Pick<LedgerFile, 'file' | 'bytes' | 'status' | 'content_hash'>;

/** One of the two runs. */
interface Side {
	readonly id: string;
	readonly folder: string;
	readonly paths: readonly string[];
	readonly reading: string;
	readonly files: Iterable<ComparedFile>;
	readonly totals: Report['totals'];
	readonly results: object;
}

/** A run that has just ended, whose end may not be in the ledger yet. */
export interface EndedRun extends RunPlace {
	/** See `NewRun`. */
	readonly reading: string;
	readonly report: Pick<Report, 'files' | 'totals' | 'analyses'>;
	readonly analyses: readonly AnalysisInfo[];
}

/** @throws {LedgerError} When there is no such run, or the ledger cannot be read. */
export function diffRuns(ledger: Ledger, from: string, to: string): RunDiff {
	return compareSides(sideOf(ledger, from), sideOf(ledger, to), ledger.outline(to).started?.analyses ?? [], ledger);
}

/**
What changed since the newest run of the same folder that completed before; `null`: there is none.

@throws {LedgerError} When the ledger cannot be read.
*/
export function diffWithEarlier(ledger: Ledger, run: EndedRun): RunDiff | null {
	const earlier = ledger.earlierRun(run);
	if (earlier === null) return null;
	const {report, analyses, ...place} = run;
	const files = report.files.map(toComparedFile);
	const side = {...place, files, totals: report.totals, results: report.analyses};
	return compareSides(sideOf(ledger, earlier), side, analyses, ledger);
}

/** The same for a run of the ledger. */
export function diffWithEarlierOf(ledger: Ledger, id: string): RunDiff | null {
	// What a run did not read that was cut has not changed for that.
	const place = ledger.run(id)?.status === 'completed' ? ledger.place(id) : null;
	const earlier = place === null ? null : ledger.earlierRun(place);
	return earlier === null ? null : diffRuns(ledger, earlier, id);
}

function sideOf(ledger: Ledger, id: string): Side {
	const [run, place] = [ledger.run(id), ledger.place(id)];
	if (run === null || place === null) throw new LedgerError(`There is no run ${id} in the ledger.`);
	const results = ledger.outline(id).ended?.analyses ?? {};
	return {
		...{...place, reading: ledger.reading(id)},
		...{files: ledger.files(id), totals: run.totals, results},
	};
}

const toComparedFile = ({file, bytes, status, content_hash: hash}: FileReport): ComparedFile => ({
	...{file, bytes, status, content_hash: hash ?? null},
});

function compareSides(from: Side, to: Side, analyses: readonly AnalysisInfo[], ledger: Ledger): RunDiff {
	// Most runs of a folder are asked for in the same words, and then names need not be resolved.
	const areSpelledAlike = from.folder === to.folder && from.paths.join('\0') === to.paths.join('\0');
	const keyOf = (side: Side) => (name: string) =>
		areSpelledAlike ? name : wholePath(pathText(bytesOfDisplayName(name)), side.folder);
	const [before, after] = [from, to].map(side => {
		const key = keyOf(side);
		return new Map(Array.from(side.files, file => [key(file.file), file]));
	});
	if (before === undefined || after === undefined) throw new Error('Expected two runs');
	const common = [...after].filter(([key]) => before.has(key));
	const changed = common.filter(([key, file]) => !isSame(before.get(key), file));
	const namesWithout = (files: typeof after, others: typeof after): string[] =>
		[...files].flatMap(([key, {file}]) => (others.has(key) ? [] : [file])).sort();
	return {
		...{from: from.id, to: to.id},
		from_started_at: ledger.run(from.id)?.started_at ?? '',
		same_settings: from.reading === to.reading,
		new: namesWithout(after, before),
		gone: namesWithout(before, after),
		changed: changed.map(([, {file}]) => file).sort(),
		unchanged: common.length - changed.length,
		totals: {from: from.totals, to: to.totals},
		analyses: compareResults(analyses, from.results, to.results),
	};
}

/** Where nothing is known of the bytes, or they were hashed in different ways, size and status decide. */
function isSame(before: ComparedFile | undefined, {bytes, status, content_hash: hash}: ComparedFile): boolean {
	if (before === undefined || before.bytes !== bytes || before.status !== status) return false;
	const hashBefore = before.content_hash;
	return hashBefore === hash || (hashBefore !== null && hash !== null && nameOf(hashBefore) !== nameOf(hash));
}

const nameOf = (contentHash: string): string => contentHash.split(':').at(-2) ?? 'xxh3-128';
