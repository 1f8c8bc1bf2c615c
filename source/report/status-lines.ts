// How a watched folder is doing, as lines for people.
import type {FailedFile, StatusCounts, WatchStatus} from '../model/watch-status.ts';
import {
	DASH,
	formatBytes,
	formatCount,
	formatDuration,
	formatInteger,
	formatPercent,
	formatSeconds,
	quantity,
} from '../text/format.ts';
import {safe} from '../text/safe.ts';
import {displayWidth, padEnd, padStart, truncateEnd, truncateMiddle} from '../text/width.ts';
import {wrap} from './wrap.ts';

export interface StatusLook {
	/** No line is wider. */
	readonly columns: number;
	readonly ascii: boolean;
}

/** So many of each list: `--json` has more of them. */
const LISTED = 5;
const LABEL_COLUMNS = 12;
const MESSAGE_LINES = 3;

export function statusLines(status: WatchStatus, {columns, ascii}: StatusLook): string[] {
	const cut = {ascii};
	const field = (label: string, text: string): string[] =>
		wrap(text, Math.max(1, columns - LABEL_COLUMNS), 6, cut).map(
			(line, index) => padEnd(index === 0 ? label : '', LABEL_COLUMNS) + line,
		);
	const {health, files, rows, success_rate: rate, oldest} = status;
	const figures = [
		...field('folder', safe(status.folder)),
		...field('watched', describeOwner(status)),
		...field('health', health.status),
		...health.reasons.flatMap(({message}) => field('', `! ${message}`)),
		...field('files', describeCounts(files)),
		...field('rows', `${formatCount(rows.read)} read, ${formatCount(rows.rejected)} rejected`),
		...field('success', rate === null ? DASH : `${describeSuccess(files)} (${formatPercent(rate)})`),
		...field('time', describeTimes(status)),
		...field('throughput', describeThroughput(status)),
		...field('oldest', oldest === null ? DASH : `${safe(oldest.file)}, ${formatDuration(oldest.age * 1000)}`),
		...field('process', describeUsage(status)),
	].map(line => (ascii ? line.replaceAll(DASH, '-') : line));
	return [
		...figures,
		...tagLines(status, columns),
		...listLines('Waiting', files.waiting, status.waiting, ({file, bytes, age}) =>
			row(file, [formatBytes(bytes), formatDuration(age * 1000)], columns, ascii),
		),
		...listLines('In work', files.processing, status.processing, ({file, bytes, age, step, tag, attempts}) => {
			const at = [tag, step].filter(text => text !== null).map(text => safe(text));
			const cells = [
				at.join(' / '),
				attempts > 1 ? `attempt ${attempts}` : '',
				formatBytes(bytes),
				formatDuration(age * 1000),
			];
			return row(
				file,
				cells.filter(cell => cell !== ''),
				columns,
				ascii,
			);
		}),
		...listLines('Failed, the last ones first', files.failed, status.failed, file => failedLines(file, columns, ascii)),
		...listLines('Not taken', files.skipped, status.skipped, ({file, message}) => [
			`  ${truncateMiddle(safe(file), columns - 2, cut)}`,
			...wrap(message, columns - 4, MESSAGE_LINES, cut).map(line => `    ${line}`),
		]),
	];
}

function describeOwner({owner, last_watched: last}: WatchStatus): string {
	if (owner !== null)
		return `by process ${owner.pid} on ${safe(owner.host)} since ${timeText(owner.since)}, for ${formatDuration(owner.uptime * 1000)}`;
	if (last === null) return 'by nobody yet';
	const until = last.until === null ? 'until it was killed' : `until ${timeText(last.until)}`;
	return `by nobody; last by process ${last.pid} on ${safe(last.host)}, ${until}`;
}

/** `2026-11-30 03:00:00 UTC`. */
const timeText = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

const describeCounts = ({waiting, skipped, processing, completed, failed, duplicate}: StatusCounts): string =>
	[
		`${formatInteger(waiting)} waiting`,
		`${formatInteger(processing)} in work`,
		`${formatInteger(completed)} completed`,
		`${formatInteger(failed)} failed`,
		quantity(duplicate, 'duplicate'),
		`${formatInteger(skipped)} not taken`,
	].join(', ');

/** `2 of 3 files`. */
const describeSuccess = ({completed, failed}: StatusCounts): string =>
	`${formatInteger(completed)} of ${quantity(completed + failed, 'file')}`;

function describeTimes({processing_time: {files, mean, p50, p95, p99}}: WatchStatus): string {
	if (mean === null || p50 === null || p95 === null || p99 === null) return DASH;
	const [average, half, most, nearlyAll] = [mean, p50, p95, p99].map(formatSeconds);
	return `mean ${average}; half within ${half}, 95 % within ${most}, 99 % within ${nearlyAll} (last ${quantity(files, 'file')}, from its turn to its outcome)`;
}

function describeThroughput({throughput: {last_minute, last_hour, since_start}}: WatchStatus): string {
	const of = ({files, bytes}: {readonly files: number; readonly bytes: number}): string =>
		`${quantity(files, 'file')} (${formatBytes(bytes)})`;
	return `last minute ${of(last_minute)}, last hour ${of(last_hour)}, since start ${of(since_start)}`;
}

function describeUsage({owner}: WatchStatus): string {
	if (owner?.usage == null) return DASH;
	const {cpu, cpu_share, memory_bytes, open_files} = owner.usage;
	const open = open_files === null ? '' : `, ${quantity(open_files, 'open file')}`;
	return `${formatSeconds(cpu)} of CPU (${formatPercent(cpu_share)} of a core), ${formatBytes(memory_bytes)} of memory${open}`;
}

const TAG_HEADINGS = ['completed', 'failed', 'duplicates'] as const;

function tagLines({tags}: WatchStatus, columns: number): string[] {
	if (tags.length === 0) return [];
	const rows = [
		['TAG', ...TAG_HEADINGS.map(heading => heading.toUpperCase())],
		...tags.map(({tag, completed, failed, duplicate}) => [
			tag === null ? '(none)' : safe(tag),
			...[completed, failed, duplicate].map(formatInteger),
		]),
	];
	const numberColumns = 12;
	const longest = Math.max(...rows.map(([name = '']) => name.length));
	const nameColumns = Math.max(4, Math.min(longest, columns - 3 * numberColumns));
	return [
		'',
		...rows.map(([name = '', ...counts]) =>
			truncateEnd(padEnd(name, nameColumns) + counts.map(count => padStart(count, numberColumns)).join(''), columns),
		),
	];
}

function listLines<File>(
	title: string,
	count: number,
	files: readonly File[],
	linesOf: (file: File) => string[],
): string[] {
	if (count === 0) return [];
	const shown = files.slice(0, LISTED);
	const more = count - shown.length;
	return [
		'',
		`${title} (${formatInteger(count)})`,
		...shown.flatMap(linesOf),
		...(more > 0 ? [`  and ${formatInteger(more)} more`] : []),
	];
}

/** A name that has less room gets a line of its own. */
const NAME_COLUMNS = 20;

/** A name with cells at its right, which stay whole. */
function row(file: string, cells: readonly string[], columns: number, ascii: boolean): string[] {
	const right = cells.join('  ');
	// Lines in a pipe have no end to be aligned at.
	if (!Number.isFinite(columns)) return [`  ${safe(file)}  ${right}`];
	const room = columns - displayWidth(right) - 4;
	if (room >= NAME_COLUMNS) return [`  ${padEnd(truncateMiddle(safe(file), room, {ascii}), room)}  ${right}`];
	return [`  ${truncateMiddle(safe(file), columns - 2, {ascii})}`, `    ${truncateEnd(right, columns - 4, {ascii})}`];
}

function failedLines({file, at, code, message, claim}: FailedFile, columns: number, ascii: boolean): string[] {
	return [
		...row(file, [safe(code), timeText(at)], columns, ascii),
		...wrap(`${safe(message)} (claim ${safe(claim)})`, columns - 4, MESSAGE_LINES, {ascii}).map(line => `    ${line}`),
	];
}
