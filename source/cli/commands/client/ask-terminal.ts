// Questions to the person at the terminal; what they answer is not shown where it is secret.
import {createInterface} from 'node:readline';
import {Writable} from 'node:stream';
import {EnvironmentError} from '../../arguments/environment-error.ts';
import {exitProcessNow} from '../../process/exit.ts';
import {exitCodeOf} from '../exit-codes.ts';

/** Whether there is somebody to ask. */
export const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/**
Asks on standard error, because standard output is for data.

@throws {EnvironmentError} Where the terminal ends without an answer.
*/
export async function ask(question: string, {isSecret = false} = {}): Promise<string> {
	const {promise, resolve, reject} = Promise.withResolvers<string>();
	const nowhere = new Writable({write: (_chunk, _encoding, done) => done()});
	// What is typed is shown by readline itself, so without an output nothing is.
	const reader = createInterface({
		input: process.stdin,
		output: isSecret ? nowhere : process.stderr,
		...{terminal: true, historySize: 0, prompt: isSecret ? '' : question},
	});
	// From now on the terminal itself shows nothing of what is typed.
	if (isSecret) process.stderr.write(question);
	else reader.prompt(true);
	reader.once('line', resolve);
	reader.once('close', () => reject(new EnvironmentError('Nobody has answered.')));
	reader.once('SIGINT', () => {
		process.stderr.write('\n');
		reader.close();
		exitProcessNow(exitCodeOf('SIGINT'));
	});
	try {
		return await promise;
	} finally {
		reader.close();
		if (isSecret) process.stderr.write('\n');
	}
}
