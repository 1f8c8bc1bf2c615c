// Any error -> what the report says of it.
import {InputError} from '../../input/input-error.ts';
import type {ErrorReport} from '../../model/report.ts';
import {describeSystemError} from './system-errors.ts';

/** A read that failed, with its place in the file: of the packed data where the file is compressed. */
export class ReadError extends Error {
	override readonly name = 'ReadError';
	readonly byteOffset: number;

	constructor(cause: unknown, byteOffset: number) {
		super(`Reading failed at byte ${byteOffset}`, {cause});
		this.byteOffset = byteOffset;
	}
}

/** Describes an error that a file ran into. */
export function toErrorReport(error: unknown): ErrorReport {
	if (error instanceof ReadError) return {...toErrorReport(error.cause), byte_offset: error.byteOffset};
	if (error instanceof InputError) {
		return {code: error.code, message: error.message, line: error.at.line, byte_offset: error.at.byteOffset};
	}
	const placeless = {line: null, byte_offset: null};
	if (!(error instanceof Error)) return {code: 'INTERNAL_ERROR', message: String(error), ...placeless};
	const system = describeSystemError(error);
	if (system !== null) {
		const {code, syscall, explanation} = system;
		return {code, message: `${code} in ${syscall}: ${explanation}`, ...placeless};
	}
	if ('code' in error && typeof error.code === 'string')
		return {code: error.code, message: error.message, ...placeless};
	return {code: 'INTERNAL_ERROR', message: error.stack ?? error.message, ...placeless};
}
