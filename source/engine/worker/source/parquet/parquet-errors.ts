// What is said of Parquet files that cannot be read.
import {InputError} from '../../../../input/input-error.ts';

export const corruptParquet = (reason: string, byteOffset: number | null): InputError =>
	new InputError('CORRUPT_PARQUET', `The Parquet file is damaged: ${reason}. Fetch it again`, {line: null, byteOffset});

export const unsupportedParquet = (reason: string, advice: string): InputError =>
	new InputError('UNSUPPORTED_FORMAT', `The Parquet file cannot be read: ${reason}. ${advice}`, {
		line: null,
		byteOffset: null,
	});

export const EXPORT_ADVICE = 'Export it as CSV first, for example with DuckDB';
