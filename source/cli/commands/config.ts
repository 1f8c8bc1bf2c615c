// `fileproc-tui config`: shows every setting, its value and its source, and which configuration files exist.

import {areCombined, namesOf} from '../../analysis/registry.ts';
import {parseQueueAddress} from '../../cluster/queue-address.ts';
import {formatByteSize} from '../../text/byte-size.ts';
import {safe} from '../../text/safe.ts';
import {displayWidth, padEnd} from '../../text/width.ts';
import type {KeyOverrides} from '../../ui/commands/keymap.ts';
import type {ConfigCommand} from '../arguments/options.ts';
import type {RunSettings} from '../arguments/settings.ts';
import {describeUnknownVariable} from '../arguments/unknown-variable.ts';

function showThousands(sign: RunSettings['thousands']): string {
	if (sign === null) return 'auto';
	return sign === '' ? 'none' : sign === ' ' ? 'space' : sign;
}

/** It may have a password in it. */
const showQueue = (queue: string): string => parseQueueAddress(queue)?.shown ?? 'unusable';

/** How each setting is shown: under the name and in the unit that a user would type. */
const ROWS: readonly {
	readonly name: string;
	readonly key: keyof RunSettings;
	readonly show: (settings: RunSettings) => string;
}[] = [
	{name: 'concurrency', key: 'concurrency', show: ({concurrency}) => String(concurrency)},
	{name: 'threads', key: 'threads', show: ({threads}) => (threads === null ? 'auto' : String(threads))},
	{
		name: 'analysis',
		key: 'analysis',
		show: ({analysis}) => (analysis === null ? 'detect' : namesOf(analysis).join(areCombined(analysis) ? ',' : ', ')),
	},
	{name: 'analyses', key: 'analysisModules', show: ({analysisModules}) => analysisModules.join(', ') || 'none'},
	{name: 'where', key: 'where', show: ({where}) => where ?? 'all records'},
	{name: 'key', key: 'keyColumn', show: ({keyColumn}) => keyColumn ?? 'auto'},
	{
		name: 'map',
		key: 'map',
		show: ({map}) =>
			Object.entries(map ?? {})
				.map(([column, heading]) => `${column}=${heading}`)
				.join(',') || 'none',
	},
	{name: 'aliases', key: 'aliases', show: ({aliases}) => Object.keys(aliases).join(', ') || 'none'},
	{name: 'decimal', key: 'decimal', show: ({decimal}) => decimal ?? 'auto'},
	{name: 'thousands', key: 'thousands', show: ({thousands}) => showThousands(thousands)},
	{name: 'date-format', key: 'dateFormat', show: ({dateFormat}) => dateFormat ?? 'auto'},
	{name: 'group-by', key: 'groupBy', show: ({groupBy}) => groupBy ?? 'none'},
	{name: 'sum', key: 'sum', show: ({sum}) => sum.join(', ') || 'none'},
	{name: 'mean', key: 'mean', show: ({mean}) => mean.join(', ') || 'none'},
	{name: 'min', key: 'min', show: ({min}) => min.join(', ') || 'none'},
	{name: 'max', key: 'max', show: ({max}) => max.join(', ') || 'none'},
	{name: 'distinct', key: 'distinct', show: ({distinct}) => distinct.join(', ') || 'none'},
	{name: 'order-by', key: 'orderBy', show: ({orderBy}) => orderBy ?? 'auto'},
	{name: 'limit', key: 'limit', show: ({limit}) => (limit === null ? '100' : String(limit))},
	{name: 'user-pattern', key: 'userPattern', show: ({userPattern}) => userPattern ?? 'none'},
	{name: 'user', key: 'user', show: ({user}) => user ?? 'auto'},
	{name: 'encoding', key: 'encoding', show: ({encoding}) => encoding ?? 'auto'},
	{name: 'delimiter', key: 'delimiter', show: ({delimiter}) => delimiter ?? 'auto'},
	{name: 'quote', key: 'quote', show: ({quote}) => quote ?? 'auto'},
	{name: 'escape', key: 'escape', show: settings => settings.escape ?? 'auto'},
	{name: 'header', key: 'header', show: ({header}) => (header === null ? 'auto' : header ? 'yes' : 'no')},
	{name: 'skip-lines', key: 'skipLines', show: ({skipLines}) => String(skipLines ?? 'auto')},
	{name: 'skip-footer', key: 'skipFooter', show: ({skipFooter}) => String(skipFooter ?? 'auto')},
	{name: 'comment', key: 'comment', show: ({comment}) => comment ?? 'auto'},
	{name: 'null', key: 'nullText', show: ({nullText}) => nullText ?? 'none'},
	{
		name: 'dialect',
		key: 'namedDialects',
		show: ({namedDialects}) => namedDialects.map(({pattern}) => pattern).join(', ') || 'none',
	},
	{name: 'files-from', key: 'filesFrom', show: ({filesFrom}) => filesFrom ?? 'none'},
	{name: 'follow', key: 'follow', show: ({follow}) => (follow ? 'yes' : 'no')},
	{name: 'simulate-io', key: 'simulateIoMs', show: ({simulateIoMs}) => `${simulateIoMs} ms`},
	{name: 'retries', key: 'retries', show: ({retries}) => String(retries)},
	{name: 'timeout', key: 'timeoutMs', show: ({timeoutMs}) => `${timeoutMs / 1000} s`},
	{name: 'strict', key: 'strict', show: ({strict}) => (strict ? 'yes' : 'no')},
	{name: 'max-errors', key: 'maxErrors', show: ({maxErrors}) => (maxErrors === null ? 'no limit' : String(maxErrors))},
	{name: 'max-record-bytes', key: 'maxRecordBytes', show: ({maxRecordBytes}) => formatByteSize(maxRecordBytes)},
	{name: 'max-field-bytes', key: 'maxFieldBytes', show: ({maxFieldBytes}) => formatByteSize(maxFieldBytes)},
	{name: 'max-columns', key: 'maxColumns', show: ({maxColumns}) => String(maxColumns)},
	{name: 'max-unpacked-bytes', key: 'maxUnpackedBytes', show: ({maxUnpackedBytes}) => formatByteSize(maxUnpackedBytes)},
	{name: 'max-unpack-ratio', key: 'maxUnpackRatio', show: ({maxUnpackRatio}) => String(maxUnpackRatio)},
	{name: 'max-rejects-kept', key: 'maxRejectsKept', show: ({maxRejectsKept}) => String(maxRejectsKept)},
	{name: 'fill', key: 'fill', show: ({fill}) => (fill ? 'yes' : 'no')},
	{name: 'fail-on', key: 'failOn', show: ({failOn}) => failOn},
	{name: 'output', key: 'output', show: ({output}) => output},
	{name: 'progress', key: 'progress', show: ({progress}) => progress},
	{name: 'report', key: 'reports', show: ({reports}) => reports.map(({path}) => path).join(', ') || 'none'},
	{name: 'export', key: 'exportFolder', show: ({exportFolder}) => exportFolder ?? 'off'},
	{name: 'rejects', key: 'rejects', show: ({rejects}) => rejects ?? 'off'},
	{name: 'max-rejects', key: 'maxRejects', show: ({maxRejects}) => String(maxRejects)},
	{name: 'record', key: 'record', show: ({record}) => record ?? 'off'},
	{name: 'ledger', key: 'ledger', show: ({ledger}) => ledger ?? 'off'},
	{name: 'save', key: 'save', show: ({save}) => (save ? 'yes' : 'no')},
	{name: 'hash', key: 'hash', show: ({hash}) => hash ?? 'auto'},
	{name: 'resume', key: 'resume', show: ({resume}) => (resume ? 'yes' : 'no')},
	{name: 'verify-content', key: 'verifyContent', show: ({verifyContent}) => (verifyContent ? 'yes' : 'no')},
	{name: 'queue', key: 'queue', show: ({queue}) => (queue === null ? 'none' : showQueue(queue))},
	{name: 'queue-secret', key: 'queueSecret', show: ({queueSecret}) => (queueSecret === null ? 'none' : 'set')},
	{name: 'queue-secret-file', key: 'queueSecretFile', show: ({queueSecretFile}) => queueSecretFile ?? 'none'},
	{name: 'force', key: 'force', show: ({force}) => (force ? 'yes' : 'no')},
	{name: 'color', key: 'color', show: ({color}) => color},
	{name: 'ascii', key: 'ascii', show: ({ascii}) => (ascii === undefined ? 'auto' : ascii ? 'yes' : 'no')},
	{name: 'theme', key: 'theme', show: ({theme}) => theme},
	{name: 'background', key: 'background', show: ({background}) => background},
	{name: 'fps', key: 'fps', show: ({fps}) => (fps === null ? 'auto' : String(fps))},
	{name: 'alt-screen', key: 'altScreen', show: ({altScreen}) => (altScreen ? 'yes' : 'no')},
	{name: 'mouse', key: 'mouse', show: ({mouse}) => (mouse ? 'yes' : 'no')},
	{name: 'title', key: 'title', show: ({title}) => (title ? 'yes' : 'no')},
	{name: 'notify', key: 'notify', show: ({notify}) => notify},
	{
		name: 'screen-reader',
		key: 'screenReader',
		show: ({screenReader}) => (screenReader === undefined ? 'auto' : screenReader ? 'yes' : 'no'),
	},
	{name: 'filter', key: 'filter', show: ({filter}) => filter ?? 'none'},
	{name: 'keys', key: 'keys', show: ({keys}) => describeKeys(keys)},
	{name: 'log-file', key: 'logFile', show: ({logFile}) => logFile ?? 'off'},
	{name: 'log-format', key: 'logFormat', show: ({logFormat}) => logFormat},
	{
		name: 'log-max-size',
		key: 'logMaxSize',
		show: ({logMaxSize}) => (logMaxSize === null ? 'any' : formatByteSize(logMaxSize)),
	},
	{name: 'log-max-age', key: 'logMaxAge', show: ({logMaxAge}) => logMaxAge ?? 'any'},
	{name: 'log-keep', key: 'logKeep', show: ({logKeep}) => String(logKeep)},
	{name: 'log-level', key: 'logLevel', show: ({logLevel}) => logLevel},
	{name: 'config', key: 'config', show: ({config}) => (config ? 'yes' : 'no')},
];

/** @returns A table of three columns, and a note for each variable that has our prefix but does not exist. */
export function configLines({settings, sources, files, unknownVariables}: Omit<ConfigCommand, 'name'>): string[] {
	const cells = [
		['setting', 'value', 'from'] as const,
		...ROWS.map(({name, key, show}) => [name, safe(show(settings)), safe(sources[key].name)] as const),
	];
	const nameColumns = Math.max(...cells.map(([name]) => name.length));
	const valueColumns = Math.max(...cells.map(([, value]) => displayWidth(value)));
	const table = cells.map(
		([name, value, source]) => `${name.padEnd(nameColumns)}  ${padEnd(value, valueColumns)}  ${source}`,
	);
	return [
		...table,
		...fileLines(files),
		...unknownVariables.flatMap((name, index) => [...(index === 0 ? [''] : []), describeUnknownVariable(name)]),
	];
}

/** Highest priority first. */
function fileLines(files: ConfigCommand['files']): string[] {
	if (files.length === 0) return [];
	const rows = files.toReversed().map(({path, layer, isOwn}) => {
		const state = layer === null ? 'not there' : 'read';
		return [safe(path), isOwn ? `${state}; your own` : state] as const;
	});
	const columns = Math.max(...rows.map(([path]) => displayWidth(path)));
	return ['', 'configuration files, by rank', ...rows.map(([path, state]) => `${padEnd(path, columns)}  ${state}`)];
}

const describeKeys = (keys: KeyOverrides | null): string =>
	keys === null
		? 'the usual ones'
		: Object.entries(keys)
				.map(([action, names]) => `${action}: ${names.join(' ') || 'none'}`)
				.join(', ');
