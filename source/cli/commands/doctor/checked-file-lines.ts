// Files of a watched folder that are not being worked on, as lines: alike ones together.
import {wrap} from '../../../report/wrap.ts';
import {formatInteger, quantity} from '../../../text/format.ts';
import {safe} from '../../../text/safe.ts';
import {truncateMiddle} from '../../../text/width.ts';
import type {FileFinding} from '../../../watch/check-files.ts';

/** `--json` lists all of them. */
const LISTED = 5;
const MESSAGE_LINES = 4;

/** @param columns - No line is wider. */
export function checkedFileLines(
	files: readonly FileFinding[],
	{columns, ascii}: {readonly columns: number; readonly ascii: boolean},
): string[] {
	const groups = Map.groupBy(files, ({folder, reason}) => `${folder}/: ${reason}`);
	return Array.from(groups, ([heading, members]) => [
		'',
		`${heading}, ${quantity(members.length, 'file')}`,
		...members.slice(0, LISTED).flatMap(({file, message}, index) => [
			`  ${truncateMiddle(safe(file), columns - 2, {ascii})}`,
			// What is the same for all of them is said once.
			...(message === members[index - 1]?.message
				? []
				: wrap(safe(message), columns - 4, MESSAGE_LINES, {ascii}).map(line => `    ${line}`)),
		]),
		...(members.length > LISTED ? [`  and ${formatInteger(members.length - LISTED)} more`] : []),
	]).flat();
}
