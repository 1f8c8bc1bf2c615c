// `fileproc-tui config`: every setting, its value, and where it came from.

import {safe} from '../text/safe.ts';
import {displayWidth, padEnd} from '../text/width.ts';
import type {FlagDefinition} from './flags.ts';
import {FLAGS} from './flags.ts';
import {findNearest} from './nearest.ts';
import type {ConfigCommand} from './options.ts';
import type {RunSettings} from './settings.ts';

/** How each setting is shown: under the name that a person would type, in the unit that they would type. */
const ROWS: readonly {
	readonly name: string;
	readonly key: keyof RunSettings;
	readonly show: (settings: RunSettings) => string;
}[] = [
	{name: 'concurrency', key: 'concurrency', show: ({concurrency}) => String(concurrency)},
	{name: 'threads', key: 'threads', show: ({threads}) => String(threads)},
	{name: 'analysis', key: 'analysis', show: ({analysis}) => analysis ?? 'detect'},
	{name: 'files-from', key: 'filesFrom', show: ({filesFrom}) => filesFrom ?? 'none'},
	{name: 'simulate-io', key: 'simulateIoMs', show: ({simulateIoMs}) => `${simulateIoMs} ms`},
	{name: 'retries', key: 'retries', show: ({retries}) => String(retries)},
	{name: 'timeout', key: 'timeoutMs', show: ({timeoutMs}) => `${timeoutMs / 1000} s`},
	{name: 'strict', key: 'strict', show: ({strict}) => (strict ? 'yes' : 'no')},
	{name: 'max-errors', key: 'maxErrors', show: ({maxErrors}) => (maxErrors === null ? 'no limit' : String(maxErrors))},
	{name: 'fail-on', key: 'failOn', show: ({failOn}) => failOn},
	{name: 'output', key: 'output', show: ({output}) => output},
	{name: 'report', key: 'reports', show: ({reports}) => reports.map(({path}) => path).join(', ') || 'none'},
	{name: 'color', key: 'color', show: ({color}) => color},
	{name: 'ascii', key: 'ascii', show: ({ascii}) => (ascii === undefined ? 'auto' : ascii ? 'yes' : 'no')},
	{name: 'theme', key: 'theme', show: ({theme}) => theme},
	{name: 'fps', key: 'fps', show: ({fps}) => (fps === null ? 'auto' : String(fps))},
	{name: 'alt-screen', key: 'altScreen', show: ({altScreen}) => (altScreen ? 'yes' : 'no')},
	{name: 'log-file', key: 'logFile', show: ({logFile}) => logFile ?? 'off'},
	{name: 'log-level', key: 'logLevel', show: ({logLevel}) => logLevel},
];

/** @returns A table of three columns, and a note for each variable that looks like ours and is none. */
export function configLines({settings, sources, unknownVariables}: Omit<ConfigCommand, 'name'>): string[] {
	const cells = [
		['setting', 'value', 'from'] as const,
		...ROWS.map(({name, key, show}) => [name, safe(show(settings)), sources[key].name] as const),
	];
	const nameColumns = Math.max(...cells.map(([name]) => name.length));
	const valueColumns = Math.max(...cells.map(([, value]) => displayWidth(value)));
	const table = cells.map(
		([name, value, source]) => `${name.padEnd(nameColumns)}  ${padEnd(value, valueColumns)}  ${source}`,
	);
	return [
		...table,
		...unknownVariables.flatMap((name, index) => [...(index === 0 ? [''] : []), describeUnknown(name)]),
	];
}

function describeUnknown(name: string): string {
	const known = (FLAGS as readonly FlagDefinition[]).flatMap(({env}) =>
		env === undefined ? [] : [withoutPrefix(env)],
	);
	// The common prefix would make every name look like every other one.
	const nearest = findNearest(withoutPrefix(name), known);
	return `${safe(name)} is no setting${nearest === undefined ? '.' : `; did you mean ${PREFIX}${nearest}?`}`;
}

const PREFIX = 'FILEPROC_';
const withoutPrefix = (name: string): string => name.slice(PREFIX.length);
