// Whether a process that was named is still there.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {hostname} from 'node:os';
import {expect, onTestFinished, test, vi} from 'vitest';
import {isProcessThere, nameProcess} from '../../source/ledger/process-name.ts';
import {PATIENT} from '../helpers/patient.ts';

test('this one is, one that has ended is not, and of another machine nobody knows', async () => {
	expect(isProcessThere(nameProcess())).toBe(true);
	const child = spawn('true');
	await once(child, 'exit');
	expect(isProcessThere(`${child.pid} ? ${hostname()}`)).toBe(false);
	expect(isProcessThere(`${child.pid} 1 some-other-host`)).toBe(true);
});

test.skipIf(!existsSync('/proc/self/stat'))('one that has died, and whose parent has not asked, is not', async () => {
	// The program that takes the shell's place does not know of its child.
	const parent = spawn('sh', ['-c', 'sh -c "echo \\$\\$" & exec sleep 300'], {stdio: ['ignore', 'pipe', 'inherit']});
	onTestFinished(() => void parent.kill('SIGKILL'));
	const [output] = (await once(parent.stdout, 'data')) as [Buffer];
	await vi.waitFor(() => expect(isProcessThere(`${Number(output)} ? ${hostname()}`)).toBe(false), PATIENT);
});
