import {descriptorOf} from '../../engine/plan/named-stream.ts';
import {UsageError} from '../arguments/usage-error.ts';

export const isStandardInput = (path: string | null): boolean => path !== null && descriptorOf(path) === 0;

/** @throws {UsageError} When standard input is both the list of paths and one of the paths. */
export function assertOneUseOfStandardInput(paths: readonly string[], filesFrom: string | null): void {
	if (!isStandardInput(filesFrom) || !paths.some(isStandardInput)) return;
	throw new UsageError('Standard input is either the data (-) or the list of paths (--files-from -), not both.');
}
