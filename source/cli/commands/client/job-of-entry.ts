// A file of this machine as something to send to a server.
import {basename, relative} from 'node:path';
import type {Connection} from '../../../client/connection.ts';
import {uploadFile} from '../../../client/upload-file.ts';
import type {PlanEntry} from '../../../engine/plan/plan.ts';
import {isRemote} from '../../../engine/shared/source-location.ts';
import type {ErrorReport} from '../../../model/report.ts';
import {pathOfRemote} from '../../../remote/remote-location.ts';
import {displayPath} from '../../../text/path-text.ts';
import {fetchObject} from '../fetch-object.ts';
import type {ServerJob} from './server-job.ts';

/** @param paths - Those that were asked for. */
export function jobOf(entry: PlanEntry, connection: Connection, paths: readonly string[]): ServerJob {
	const {file} = entry;
	if (entry.type === 'skipped')
		return {file, bytesTotal: null, fault: {status: 'skipped', error: faultOf('SKIPPED', `It is ${entry.kind}.`)}};
	if (entry.type === 'unreadable') return {file, bytesTotal: null, fault: {status: 'failed', error: entry.error}};
	const {source, bytesTotal} = entry;
	if (isRemote(source)) {
		const label = {name: basename(pathOfRemote(source)), ...relativePathOf(file, paths)};
		return {
			...{file, bytesTotal},
			async send(options) {
				const {path, remove} = await fetchObject(source, options.signal);
				try {
					return (await uploadFile(connection, {path, ...label}, options)).fileId;
				} finally {
					await remove();
				}
			},
		};
	}
	if (source.kind !== 'file') {
		const message =
			source.kind === 'member'
				? 'Expected a file, but this is a member of an archive: send the whole archive.'
				: 'Expected a file, which can be read again where a connection is cut, but this is a stream: write it to a file first.';
		return {file, bytesTotal, fault: {status: 'failed', error: faultOf('NO_FILE', message)}};
	}
	const path = typeof source.path === 'string' ? source.path : Buffer.from(source.path);
	const label = {name: basename(file), ...relativePathOf(file, paths)};
	return {
		...{file, bytesTotal},
		async send(options) {
			const {fileId} = await uploadFile(connection, {path, ...label}, options);
			return fileId;
		},
	};
}

const faultOf = (code: string, message: string): ErrorReport => ({code, message, line: null, byte_offset: null});

/** Below the folder that was named; files that were named themselves have none. */
function relativePathOf(file: string, paths: readonly string[]): {readonly relativePath?: string} {
	const folder = paths.map(displayPath).find(path => file.startsWith(path.endsWith('/') ? path : `${path}/`));
	return folder === undefined ? {} : {relativePath: relative(folder, file)};
}
