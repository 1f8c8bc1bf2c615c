// Whether a history is one that may happen. It knows what was asked for and what came of it, and shares no code with what decided that.
import type {History} from './simulate.ts';

const LONGEST_AWAY_MS = 60_000;

/** @returns What is wrong with it; nothing where all is right. */
export function findFaults({files, submitted, ended, deadly, added, lost, overAtMs}: History): readonly string[] {
	const faults: string[] = [];
	const asked = new Map(submitted.map(each => [each.key, each]));
	const endsOf = new Map<string, number>();
	const resultsOf = new Map<number, number>();
	for (const {key, type, result} of ended) {
		const question = asked.get(key);
		endsOf.set(key, (endsOf.get(key) ?? 0) + 1);
		if (question === undefined) {
			faults.push(`${key} ended, and nobody had asked for it`);
			continue;
		}
		if (type === 'given-up' || type === 'withdrawn') continue;
		resultsOf.set(question.file, (resultsOf.get(question.file) ?? 0) + 1);
		if (type === 'crashed') continue;
		if (result === null) faults.push(`${key} ended as ${type}`);
		else if (result.file !== question.file) faults.push(`${key} has the result of file ${result.file}`);
		else if (result.startedAtMs < question.atMs)
			faults.push(`${key} has a result from before somebody asked: the file may be another one since`);
		else if (deadly.has(question.file)) faults.push(`${key} has a result, and no worker can read it`);
	}
	for (const [key, count] of endsOf) if (count > 1) faults.push(`${key} ended ${count} times`);
	for (let file = 0; file < files; file++) {
		const count = resultsOf.get(file) ?? 0;
		if (count !== 1) faults.push(`File ${file} has ${count} results`);
	}
	const isSoon = (atMs: number) => (each: {readonly key: string; readonly atMs: number}) =>
		each.atMs > atMs && each.atMs <= atMs + LONGEST_AWAY_MS;
	for (const {key, atMs} of lost) {
		const later = [...added, ...ended].filter(each => each.key === key).some(isSoon(atMs));
		if (!later) faults.push(`${key} was lost at ${atMs}, and is not there again after a minute`);
	}
	if (overAtMs === null) faults.push('The run did not end');
	return faults;
}
