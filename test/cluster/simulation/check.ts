// Whether a history is one that may happen. It knows what was asked for and what came of it, and shares no code with what decided that.
import type {History} from './simulate.ts';

const LONGEST_AWAY_MS = 60_000;

/** @returns What is wrong with it; nothing where all is right. */
export function findFaults(history: History): readonly string[] {
	const {added, ended, lost, overAtMs} = history;
	const faults = [...findFaultsOfJobs(history), ...findFaultsOfFiles(history)];
	const isSoon = (atMs: number) => (each: {readonly key: string; readonly atMs: number}) =>
		each.atMs > atMs && each.atMs <= atMs + LONGEST_AWAY_MS;
	for (const {key, atMs} of lost) {
		const later = [...added, ...ended].filter(each => each.key === key).some(isSoon(atMs));
		if (!later) faults.push(`${key} was lost at ${atMs}, and is not there again after a minute`);
	}
	if (overAtMs === null) faults.push('The run did not end');
	return faults;
}

/** Each job ends once, with what was asked for. */
function findFaultsOfJobs({submitted, ended, deadly}: History): string[] {
	const faults: string[] = [];
	const asked = new Map(submitted.map(each => [each.key, each]));
	const endsOf = new Map<string, number>();
	for (const {key, type, result} of ended) {
		const question = asked.get(key);
		endsOf.set(key, (endsOf.get(key) ?? 0) + 1);
		if (question === undefined) {
			faults.push(`${key} ended, and nobody had asked for it`);
			continue;
		}
		if (type === 'given-up' || type === 'withdrawn' || type === 'crashed') continue;
		if (result === null) faults.push(`${key} ended as ${type}`);
		else if (result.file !== question.file || result.part !== question.part)
			faults.push(`${key} has the result of part ${result.part} of file ${result.file}`);
		else if (result.startedAtMs < question.atMs)
			faults.push(`${key} has a result from before somebody asked: the file may be another one since`);
		else if (deadly.has(question.file)) faults.push(`${key} has a result, and no worker can read it`);
	}
	for (const [key, count] of endsOf) if (count > 1) faults.push(`${key} ended ${count} times`);
	return faults;
}

/** Each file is over once, and made of all of it in one state. */
function findFaultsOfFiles({files, over, partsOf, submitted, ended}: History): string[] {
	const faults: string[] = [];
	const fileOf = new Map(submitted.map(({key, file}) => [key, file]));
	// Its workers died, or seemed to.
	const crashed = new Set(ended.flatMap(({key, type}) => (type === 'crashed' ? [fileOf.get(key)] : [])));
	for (let file = 0; file < files; file++) {
		const ends = over.filter(each => each.file === file);
		if (ends.length !== 1) faults.push(`File ${file} is over ${ends.length} times`);
		for (const {results} of ends) {
			if (results.length === 0) {
				if (!crashed.has(file)) faults.push(`File ${file} ended without a result`);
				continue;
			}
			const parts = results.map(({part}) => part).sort((left, right) => (left ?? 0) - (right ?? 0));
			const isWhole = parts.length === 1 && parts[0] === null;
			const isAllOfIt = parts.length === partsOf[file] && parts.every((part, place) => part === place);
			if (!isWhole && !isAllOfIt) faults.push(`File ${file} is made of the parts ${parts.join()} of ${partsOf[file]}`);
			if (results.some(result => result.file !== file)) faults.push(`File ${file} is made of another one`);
			if (new Set(results.map(({version}) => version)).size > 1) faults.push(`File ${file} is made of several states`);
			if (results.some(({hasChanged}) => hasChanged)) faults.push(`File ${file} was changed while it was read`);
		}
	}
	return faults;
}
