// A server that takes mail, and keeps what came.
import {createServer, type Socket} from 'node:net';
import {onTestFinished} from 'vitest';

export interface Mail {
	readonly from: string;
	readonly to: string;
	readonly text: string;
}

/** @param answer - What is said of each mail, given how many have come before. */
export async function startSmtpServer(
	answer: (count: number) => string = () => '250 taken',
): Promise<{readonly port: number; readonly mails: readonly Mail[]}> {
	const mails: Mail[] = [];
	const sockets = new Set<Socket>();
	const server = createServer(socket => {
		sockets.add(socket);
		let [waiting, from, to, lines] = ['', '', '', null as string[] | null];
		const say = (line: string): boolean => socket.write(`${line}\r\n`);
		const take = (line: string): void => {
			if (lines !== null) {
				if (line !== '.') return void lines.push(line);
				mails.push({from, to, text: lines.join('\n')});
				lines = null;
				say(answer(mails.length - 1));
				return;
			}
			const command = line.slice(0, 4).toUpperCase();
			if (command === 'MAIL') from = /<(.*?)>/.exec(line)?.[1] ?? '';
			if (command === 'RCPT') to = /<(.*?)>/.exec(line)?.[1] ?? '';
			if (command === 'DATA') lines = [];
			say(command === 'DATA' ? '354 go on' : command === 'QUIT' ? '221 bye' : '250 fine');
			if (command === 'QUIT') socket.end();
		};
		say('220 ready');
		socket.on('error', () => {});
		socket.setEncoding('utf8').on('data', text => {
			const all = (waiting + text).split('\r\n');
			waiting = all.pop() ?? '';
			for (const line of all) take(line);
		});
	});
	await new Promise<void>(resolve => {
		server.listen(0, '127.0.0.1', resolve);
	});
	onTestFinished(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('Expected a port');
	return {port: address.port, mails};
}
