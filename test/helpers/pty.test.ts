// The robot of a terminal itself.
import {expect, onTestFinished, test} from 'vitest';
import {Robot, whyNoTerminal} from './pty.ts';

const testInTerminal = test.skipIf(whyNoTerminal !== null);

testInTerminal('what a program wrote last is seen, also where this process hardly gets to run', async () => {
	const robot = new Robot('sh', ['-c', 'seq 1 9000; echo last words']);
	const sleep = new Int32Array(new SharedArrayBuffer(4));
	const blocking = setInterval(() => Atomics.wait(sleep, 0, 0, 250), 1);
	onTestFinished(() => clearInterval(blocking));
	expect(await robot.exit).toBe(0);
	clearInterval(blocking);
	expect(robot.written).toContain('last words');
});
