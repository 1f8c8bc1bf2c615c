// What is said of a function of an own analysis that failed: where it stands, and for which record.
import {fileURLToPath} from 'node:url';
import type {FunctionError} from '../../../analysis/functions/function-error.ts';
import {ReturnError} from '../../../analysis/functions/returned.ts';
import {declarationOf} from '../../../analysis/registry.ts';
import {InputError} from '../../../input/input-error.ts';
import type {RecordPosition} from '../../../input/record-reader.ts';
import {messageOf} from '../../../text/system-error.ts';

export function functionFailed({analysis, path, cause}: FunctionError, position: RecordPosition): InputError {
	const module = declarationOf(analysis).code?.path ?? analysis;
	const record = `the record on line ${position.line}`;
	const message = messageOfThrown(cause);
	const sentence =
		lookAt(() => (cause instanceof ReturnError ? path : null)) !== null
			? `${module}: ${path} failed for ${record}: ${message}`
			: `${lookAt(() => placeOf(cause)) ?? module}: ${path} threw an error for ${record}: ${message || 'it has no message'}`;
	return new InputError('ANALYSIS_FAILED', sentence, position);
}

/** Anything may be thrown, also what throws again when it is looked at. */
function lookAt(look: () => string | null): string | null {
	try {
		return look();
	} catch {
		return null;
	}
}

/** A report has one for each file. */
const MAX_MESSAGE_LENGTH = 500;

/** The first line of it. */
function messageOfThrown(thrown: unknown): string {
	const whole = lookAt(() => messageOf(thrown)) ?? '';
	const [line = ''] = whole
		.slice(0, 2 * MAX_MESSAGE_LENGTH)
		.trim()
		.split('\n');
	return line.length > MAX_MESSAGE_LENGTH ? `${line.slice(0, MAX_MESSAGE_LENGTH - 1)}…` : line;
}

/** Where an error was thrown: the first file of its stack, for what called the function comes behind. */
function placeOf(error: unknown): string | null {
	if (!(error instanceof Error) || typeof error.stack !== 'string') return null;
	const [, url, line] = /^\s+at .*?(file:\/\/\/.+?):(\d+):\d+\)?$/m.exec(error.stack) ?? [];
	return url === undefined ? null : `${fileURLToPath(url)}:${line}`;
}
