// The files of a run without an end, by name: which had ended, which were being read, and which had not begun.
import type {RunEvent} from '../../../model/events.ts';
import {keyOf} from '../../../model/file-address.ts';
import type {ReportSoFar} from '../../../model/report.ts';
import {formatInteger, quantity} from '../../../text/format.ts';
import {safe} from '../../../text/safe.ts';
import {padEnd} from '../../../text/width.ts';

/** Which files of a run have not ended. */
export class OpenFiles {
	readonly #open = new Map<string | number, {readonly file: string; readonly hasBegun: boolean}>();

	handle(event: RunEvent): void {
		if (!('file' in event)) return;
		if ('report' in event) this.#open.delete(keyOf(event));
		else this.#open.set(keyOf(event), {file: event.file, hasBegun: event.type !== 'file-queued'});
	}

	/** @param hasBegun - Whether those that were being read are meant, or those that had not begun. */
	names(hasBegun: boolean): string[] {
		return Array.from(this.#open.values()).flatMap(each => (each.hasBegun === hasBegun ? [each.file] : []));
	}
}

/** More would fill the screen. */
const SHOWN_NAMES = 20;

export function unfinishedLines(
	status: 'running' | 'interrupted',
	{files}: Pick<ReportSoFar, 'files'>,
	open: OpenFiles,
): string[] {
	const rows = [
		...files.map(({file, status: ended}) => [ended, file] as const),
		...open.names(true).map(file => ['being read', file] as const),
		...open.names(false).map(file => ['not begun', file] as const),
	];
	const width = Math.max(0, ...rows.slice(0, SHOWN_NAMES).map(([what]) => what.length));
	const more = rows.length - SHOWN_NAMES;
	return [
		`${SENTENCES[status]} ${quantity(files.length, 'file')} of ${formatInteger(rows.length)} had ended:`,
		...rows.slice(0, SHOWN_NAMES).map(([what, file]) => `  ${padEnd(what, width)}  ${safe(file)}`),
		...(more > 0 ? [`  and ${formatInteger(more)} more; --json lists those that had ended`] : []),
	];
}

const SENTENCES = {
	running: 'This run is still going on.',
	interrupted: 'This run was killed before its end.',
} as const;
