// `fileproc-tui generate <dir>`: writes sample files and prints what it wrote.
import {formatBytes, formatInteger} from '../../text/format.ts';
import {safe} from '../../text/safe.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {GenerateFlags} from '../arguments/options.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {exitCodes} from './exit-codes.ts';
import {generateFiles} from './generate/generate.ts';
import {GenerateError} from './generate/generate-error.ts';

export async function generateCommand(directory: string, options: GenerateFlags): Promise<number> {
	const interruption = listenForInterruption();
	process.stdout.on('error', () => {});
	try {
		const summary = await generateFiles({directory, ...options, signal: interruption.signal});
		const files = `${formatInteger(summary.fileCount)} ${summary.fileCount === 1 ? 'file' : 'files'}`;
		const broken = summary.malformedCount > 0 ? `, ${formatInteger(summary.malformedCount)} of them malformed` : '';
		process.stdout.write(
			`Wrote ${files} with ${formatInteger(summary.rowCount)} rows${broken} (${formatBytes(summary.bytesWritten)}) to ${safe(directory)}\n`,
		);
		return exitCodes.ok;
	} catch (error) {
		const exitCode = interruption.exitCode();
		if (exitCode !== null) return exitCode;
		if (error instanceof GenerateError) throw new EnvironmentError(error.message);
		throw error;
	} finally {
		interruption.dispose();
	}
}
