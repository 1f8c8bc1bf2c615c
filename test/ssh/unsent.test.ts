// Clients that take nothing of what they ask for, or go before they have it, without a network.
import {EventEmitter} from 'node:events';
import type {SFTPWrapper} from 'ssh2';
import {expect, onTestFinished, test, vi} from 'vitest';
import {serveSftp} from '../../source/ssh/sftp/serve-sftp.ts';
import type {SftpTree} from '../../source/ssh/sftp/tree.ts';
import {PATIENT} from '../helpers/patient.ts';

const PART = 256 * 1024;

test('nothing more is read for a client that does not take what it has asked for', async () => {
	const [unsent, answered]: [Buffer[], number[]] = [[], []];
	let [handle, largest]: [Buffer, number] = [Buffer.alloc(0), 0];
	const sftp = Object.assign(new EventEmitter(), {
		...{_buffer: unsent, _client: {_sock: {writableLength: 0}}, outgoing: {state: 'open'}},
		_protocol: {exitStatus() {}},
		end() {},
		handle: (_: number, opened: Buffer) => {
			handle = opened;
		},
		data(id: number, bytes: Buffer) {
			unsent.push(bytes);
			answered.push(id);
			largest = Math.max(largest, unsent.length * PART);
		},
	});
	const entry = {name: 'a', isFolder: false, bytes: 100 * PART, changedAt: 0, mayWrite: false};
	const tree = {
		openToRead: async () => ({entry, read: async () => Buffer.alloc(PART), close() {}}),
		close: async () => {},
	};
	const faults: unknown[] = [];
	const ending = new AbortController();
	onTestFinished(() => ending.abort());
	void serveSftp(sftp as unknown as SFTPWrapper, tree as unknown as SftpTree, {
		...{signal: ending.signal, onAsked() {}, tell() {}, within: perform => perform()},
		onFault: error => void faults.push(error),
	});
	sftp.emit('OPEN', 0, '/a', 1);
	await vi.waitFor(() => expect(handle.length).toBeGreaterThan(0), PATIENT);
	const ids = Array.from({length: 100}, (_, index) => index + 1);
	for (const id of ids) sftp.emit('READ', id, handle, id * PART, PART);
	await vi.waitFor(() => {
		unsent.length = 0;
		expect(answered).toEqual(ids);
	}, PATIENT);
	expect(largest).toBeLessThanOrEqual(5 * 1024 * 1024);
	expect(faults).toEqual([]);
});

test.each([
	['OPENDIR', 'list', {}],
	['OPEN', 'openToRead', 1],
] as const)('what %s has opened is closed where its client has gone by then', async (request, method, flags) => {
	const ending = new AbortController();
	const sftp = Object.assign(new EventEmitter(), {
		...{_buffer: [], _client: {_sock: {writableLength: 0}}, outgoing: {state: 'open'}},
		_protocol: {exitStatus() {}},
		...{end() {}, handle() {}, status() {}},
	});
	const opening = Promise.withResolvers<{readonly close: () => void}>();
	const tree = {[method]: () => opening.promise, close: async () => {}};
	const surroundings = {signal: ending.signal, onAsked() {}, tell() {}, onFault() {}};
	const session = serveSftp(sftp as unknown as SFTPWrapper, tree as unknown as SftpTree, {
		...{...surroundings, within: perform => perform()},
	});
	sftp.emit(request, 0, '/a', flags);
	ending.abort();
	await session;
	const close = vi.fn();
	opening.resolve({close});
	await vi.waitFor(() => expect(close).toHaveBeenCalledOnce(), PATIENT);
});
