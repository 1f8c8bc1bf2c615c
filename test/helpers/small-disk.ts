// A disk that is soon full: a file system in memory, where the tests may mount one.
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';

/** @returns Its folder; `null` where none can be mounted. */
export function mountSmallDisk(bytes: number): string | null {
	const folder = mkdtempSync(join(tmpdir(), 'fileproc-disk-'));
	onTestFinished(() => {
		rmSync(folder, {recursive: true, force: true});
	});
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], {stdio: 'ignore'});
	} catch {
		return null;
	}
	onTestFinished(() => {
		// Lazily, because a process of the test may still have files open there.
		execFileSync('umount', ['-l', folder]);
	});
	return folder;
}
