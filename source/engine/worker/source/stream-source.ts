// Data that comes as it is written: standard input, a FIFO, the end of a pipe that a shell has named `/dev/fd/63`.
import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs';
import type {Socket} from 'node:net';
import type {ReadStream as TtyReadStream} from 'node:tty';
import type {ByteSource} from '../../../input/byte-source.ts';
import {InputError} from '../../../input/input-error.ts';
import {readFromStream} from '../../unpacking/read-from-stream.ts';

/** Opens a file of any kind. Opening a FIFO would otherwise wait, and keep its thread, until somebody writes to it. */
export const openWithoutWaiting = (path: string | Uint8Array): number =>
	openSync(
		typeof path === 'string' ? path : Buffer.from(path),
		constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY,
	);

/**
The data of a descriptor as a stream on the event loop. A blocking read of a pipe cannot be ended from outside; waiting on the
event loop can. `null` where there is nothing to wait for, as in a regular file.
*/
export function streamOf(fd: number): Socket | TtyReadStream | null {
	// Asked for here and not imported above, because each thread would load them, for three milliseconds of its start.
	const {isatty, ReadStream} = process.getBuiltinModule('node:tty');
	if (isatty(fd)) return new ReadStream(fd);
	const stats = fstatSync(fd);
	if (!stats.isFIFO() && !stats.isSocket()) return null;
	const {Socket} = process.getBuiltinModule('node:net');
	return new Socket({fd, readable: true, writable: false});
}

/** Reads a descriptor from where it is. `close` also closes the descriptor. */
export function readDescriptor(fd: number): {readonly read: ByteSource['read']; readonly close: () => void} {
	const stream = streamOf(fd);
	if (stream !== null) return {read: readFromStream(stream), close: () => void stream.destroy()};
	if (fstatSync(fd).isDirectory()) throw new InputError('NOT_A_REGULAR_FILE', 'Expected data, found a directory');
	let isOpen = fd > 2;
	return {
		read: target => readSync(fd, target),
		close() {
			if (isOpen) closeSync(fd);
			isOpen = false;
		},
	};
}
