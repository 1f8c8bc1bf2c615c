// Figures as people read them: pure functions, in English with `,` between thousands and a space before the unit.

/** Stands for an unknown figure. */
export const DASH = '–';

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const COUNT_UNITS = ['', 'k', 'M', 'G', 'T'];

/** `0 B`, `812 B`, `1.2 GB`: decimal units, as for disks and networks. */
export const formatBytes = (bytes: number): string => scale(bytes, BYTE_UNITS);

/** `612 MB/s`. */
export const formatRate = (bytesPerSecond: number | undefined): string =>
	bytesPerSecond === undefined ? DASH : `${scale(bytesPerSecond, BYTE_UNITS)}/s`;

/** A rate in MB/s as a figure alone, for a column that names the unit: `305`, `23.3`, `0.04`. */
export function formatMegabytes(bytesPerSecond: number): string {
	const megabytes = Math.max(0, bytesPerSecond) / 1e6;
	if (megabytes >= 99.95) return formatInteger(megabytes);
	return megabytes >= 0.995 || megabytes < 0.005 ? megabytes.toFixed(1) : megabytes.toFixed(2);
}

/** `942`, `13.1 k`, `14.2 M`. */
export const formatCount = (count: number): string => scale(count, COUNT_UNITS);

/** `1,234,567`. */
export const formatInteger = (value: number): string => formatDecimal(Math.round(value).toFixed(0));

/** `1 file`, `5,000 files`. */
export const quantity = (count: number, noun: string): string =>
	`${formatInteger(count)} ${count === 1 ? noun : `${noun}s`}`;

/** Puts thousands separators into an exact decimal: `-1234567.50` becomes `-1,234,567.50`. Other text stays as it is. */
export function formatDecimal(decimal: string): string {
	const match = /^([+-]?)(\d+)(\.\d*)?$/.exec(decimal);
	if (match === null) return decimal;
	const [, sign = '', whole = '', fraction = ''] = match;
	return sign + whole.replace(/\B(?=(?:\d{3})+$)/g, ',') + fraction;
}

/** `00:03`, `01:12`, `1:02:33`. */
export function formatDuration(milliseconds: number | undefined): string {
	if (milliseconds === undefined || !Number.isFinite(milliseconds)) return DASH;
	const seconds = Math.max(0, Math.floor(milliseconds / 1000));
	const clock = `${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
	const hours = Math.floor(seconds / 3600);
	return hours === 0 ? clock : `${hours}:${clock}`;
}

/** `0.031 s`, `12.4 s`, `1,204 s`. */
export function formatSeconds(seconds: number): string {
	if (seconds < 1) return `${seconds.toFixed(3)} s`;
	return seconds < 99.95 ? `${seconds.toFixed(1)} s` : `${formatInteger(seconds)} s`;
}

const NEWLINE_NAMES = {'\n': 'LF', '\r\n': 'CRLF', '\r': 'CR', mixed: 'mixed'};

/** The name of a record separator: `CRLF`, `none`. */
export const formatNewline = (newline: keyof typeof NEWLINE_NAMES | null): string =>
	newline === null ? 'none' : NEWLINE_NAMES[newline];

/** `63 %`, rounded down, so that `100 %` means that all is done. */
export function formatPercent(fraction: number): string {
	const percent = Number.isFinite(fraction) ? Math.floor(Math.min(1, Math.max(0, fraction)) * 100) : 0;
	return `${percent} %`;
}

/** About three digits with the unit that fits: one decimal below 100, none above. */
function scale(value: number, units: readonly string[]): string {
	let scaled = Math.max(0, value);
	let unitIndex = 0;
	// 999.5 would be rounded to 1000 of the smaller unit.
	while (scaled >= 999.5 && unitIndex < units.length - 1) {
		scaled /= 1000;
		unitIndex++;
	}
	const digits = unitIndex > 0 && scaled < 99.95 ? scaled.toFixed(1) : formatInteger(scaled);
	const unit = units[unitIndex] ?? '';
	return unit === '' ? digits : `${digits} ${unit}`;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');
