import {readSync} from 'node:fs';
import {constants} from 'node:os';
import {getSystemErrorMap} from 'node:util';
import {expect, test} from 'vitest';
import {ReadError, toErrorReport} from '../../source/engine/shared/errors.ts';
import {InputError} from '../../source/input/input-error.ts';

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

test('every number of an error has a name and words, also those that Node does not know', () => {
	for (let number = 1; number < 200; number++) {
		const known = getSystemErrorMap().get(-number)?.[0];
		const words = `Unknown system error -${number}`;
		const error = Object.assign(new Error(`${words}: ${words}, read`), {
			code: known ?? words,
			errno: -number,
			syscall: 'read',
		});
		const {code, message} = toErrorReport(error);
		expect(code).toMatch(/^E[A-Z\d]+$|^ERRNO_\d+$/);
		if (known !== undefined) expect(code).toBe(known);
		expect(message).toMatch(new RegExp(`^${code} in read: .{10}`));
		expect(message).not.toMatch(/unknown system error/i);
	}
});

test.each(['ESTALE', 'EDQUOT', 'ENOLINK', 'EBADMSG'] as const)('%s is named where Node has only its number', code => {
	const errno = -constants.errno[code];
	const words = `Unknown system error ${errno}`;
	const error = Object.assign(new Error(`${words}: ${words}, read`), {code: words, errno, syscall: 'read'});
	expect(toErrorReport(error)).toMatchObject({
		code,
		message: expect.stringMatching(new RegExp(`^${code} in read: .{20}`)),
	});
});

test('a read that failed says where, an open does not', () => {
	expect(toErrorReport(new ReadError(systemError('EIO', 'read'), 4096))).toMatchObject({
		code: 'EIO',
		byte_offset: 4096,
	});
	expect(toErrorReport(systemError('EIO', 'open'))).toMatchObject({code: 'EIO', byte_offset: null});
});

test('a real error of the system is recognised', () => {
	try {
		readSync(1_000_000, new Uint8Array(1));
		expect.unreachable();
	} catch (error) {
		expect(toErrorReport(new ReadError(error, 7))).toMatchObject({code: 'EBADF', byte_offset: 7});
	}
});

test('a bug comes with its stack, and whatever was thrown gives a report', () => {
	const {code, message} = toErrorReport(new TypeError('x is not a function'));
	expect(code).toBe('INTERNAL_ERROR');
	expect(message).toContain('TypeError: x is not a function\n    at ');
	expect(toErrorReport('thrown text')).toMatchObject({code: 'INTERNAL_ERROR', message: 'thrown text'});
	expect(toErrorReport(undefined)).toMatchObject({code: 'INTERNAL_ERROR', message: 'undefined'});
});
