// The workers that read the files of a run on other machines.
import type {WorkerInfo} from '../../model/worker-info.ts';
import {formatInteger, formatRate, formatSeconds} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {padEnd, padStart} from '../../text/width.ts';
import {cutLine, type Line, span} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {heading, moreLine} from './sections.ts';

const SHOWN = 12;
/** They speak every two seconds at least. */
const SILENT_MS = 5000;

/** @param workers - `null` where this machine reads. */
export function workerLines(workers: readonly WorkerInfo[] | null, columns: number, look: Look): Line[] {
	if (workers === null) return [];
	const {theme, glyphs} = look;
	if (workers.length === 0)
		return [heading('WORKERS', look), [span('   None is there: files wait until one is.', theme.warning)]];
	const threads = workers.reduce((sum, worker) => sum + worker.threads, 0);
	const hasParts = workers.some(({partsDone}) => partsDone > 0);
	const lines = workers.slice(0, SHOWN).map(worker => {
		const facts = [
			padEnd(safe(worker.name), 20),
			padEnd(safe(worker.version), 8),
			padStart(`${formatInteger(worker.jobs)}/${formatInteger(worker.threads)}`, 7),
			padStart(`${formatInteger(worker.filesDone)} files`, 14),
			...(hasParts ? [padStart(`${formatInteger(worker.partsDone)} parts`, 13)] : []),
			padStart(formatRate(worker.bytesPerSecond), 10),
		];
		const note = noteOf(worker);
		const line = [span(`   ${facts.join(' ')}`), span(note === '' ? '' : `  ${note}`, theme.warning)];
		return cutLine(line, columns, glyphs.ascii);
	});
	const more = workers.length > SHOWN ? moreLine(workers.length - SHOWN, look) : [];
	return [
		heading('WORKERS', look, `${formatInteger(workers.length)}, ${formatInteger(threads)} threads`),
		...lines,
		...more,
	];
}

function noteOf({fits, isDraining, seenAgoMs}: WorkerInfo): string {
	if (!fits) return 'of another version: it takes no files of this run';
	if (seenAgoMs > SILENT_MS) return `not heard of for ${formatSeconds(seenAgoMs / 1000)}`;
	return isDraining ? 'ends when it is done' : '';
}
