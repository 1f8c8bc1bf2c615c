import {readSync} from 'node:fs';
import {expect, test} from 'vitest';
import {InputError} from '../../source/csv/input-error.ts';
import {toErrorReport} from '../../source/engine/errors.ts';

const systemError = (code: string, syscall: string): Error =>
	Object.assign(new Error(`${code}: as the system says it, ${syscall} '/data/a.csv'`), {code, syscall});

test('a fault of the data keeps its code, its words and its place', () => {
	expect(toErrorReport(new InputError('UNCLOSED_QUOTE', 'A quote is open', {line: 4, byteOffset: 112}))).toEqual({
		code: 'UNCLOSED_QUOTE',
		message: 'A quote is open',
		line: 4,
		byte_offset: 112,
	});
});

test.each(['ENOENT', 'EACCES', 'EISDIR', 'EMFILE', 'EIO', 'ELOOP', 'ESTALE'])('%s is explained', code => {
	const {message} = toErrorReport(systemError(code, 'open'));
	expect(message).toMatch(new RegExp(`^${code} in open: .{10,}`));
	expect(message).not.toContain('as the system says it');
});

test('a refusal without an explanation is told as the system says it', () => {
	expect(toErrorReport(systemError('EXDEV', 'open'))).toMatchObject({
		code: 'EXDEV',
		message: "EXDEV in open: EXDEV: as the system says it, open '/data/a.csv'",
	});
});

test('a read that failed says how far it came, an open does not', () => {
	expect(toErrorReport(systemError('EIO', 'read'), 4096)).toMatchObject({code: 'EIO', byte_offset: 4096});
	expect(toErrorReport(systemError('EIO', 'open'), 0)).toMatchObject({code: 'EIO', byte_offset: null});
});

test('a real error of the system is recognised', () => {
	try {
		readSync(1_000_000, new Uint8Array(1));
		expect.unreachable();
	} catch (error) {
		expect(toErrorReport(error, 7)).toMatchObject({code: 'EBADF', byte_offset: 7});
	}
});

test('a bug comes with its stack, and whatever was thrown gives a report', () => {
	const {code, message} = toErrorReport(new TypeError('x is not a function'));
	expect(code).toBe('INTERNAL_ERROR');
	expect(message).toContain('TypeError: x is not a function\n    at ');
	expect(toErrorReport('thrown text')).toMatchObject({code: 'INTERNAL_ERROR', message: 'thrown text'});
	expect(toErrorReport(undefined)).toMatchObject({code: 'INTERNAL_ERROR', message: 'undefined'});
});
