// A server for SSH in a process of its own, whose sessions fail in the way that the command says. It prints its port, and each fault.
import {once} from 'node:events';
import {parseAuthorizedKeys} from '../../source/ssh/authorized-keys.ts';
import {makeKeyPair} from '../../source/ssh/host-key.ts';
import {endSessionOf} from '../../source/ssh/serve-session.ts';
import {startSshServer} from '../../source/ssh/ssh-server.ts';

for (const event of ['uncaughtException', 'unhandledRejection'] as const)
	process.on(event, (error: unknown) => {
		if (!endSessionOf(error)) process.exit(70);
	});

const fail = (how: string): never => {
	throw new Error(how);
};

const [publicLine = ''] = process.argv.slice(2);
const {keys} = parseAuthorizedKeys(publicLine, []);
const server = await startSshServer({
	...{host: '127.0.0.1', port: 0, version: '0.0.0'},
	hostKey: {text: makeKeyPair().private, fingerprint: ''},
	limits: {
		...{
			maxConnections: 10,
			maxPerAddress: 10,
			maxPending: 10,
			maxPendingPerAddress: 10,
			loginMs: 900_000,
			maxAttempts: 10,
		},
		...{idleMs: 900_000, totalMs: 900_000},
	},
	logIn: {
		keys: async () => keys,
		begin: async name => ({
			name,
			role: 'user',
			hasAccount: false,
			account: 'local',
			token: '',
			end() {},
			ended: new AbortController().signal,
		}),
		byPassword: null,
	},
	handlers: {
		files: () => fail('files'),
		async exec(how, channel, {signal}) {
			if (how === 'gone') {
				channel.resume();
				// More than a client takes that does not read.
				channel.stderr.write(Buffer.alloc(10_000_000, 'x'));
				if (!signal.aborted) await once(signal, 'abort');
				channel.stderr.write('Nobody hears this.', error => void process.stdout.write(`Heard: ${error?.message}\n`));
				return 1;
			}
			if (how === 'at once') fail(how);
			if (how === 'later') setTimeout(fail, 0, how);
			if (how === 'promise') Promise.reject(new Error(how));
			return how === 'fine' ? 0 : new Promise(() => {});
		},
		async shell({input}) {
			input.on('data', () => fail('key'));
			return new Promise(() => {});
		},
	},
	onFault: error => void process.stdout.write(`${String(error)}\n`),
});
process.stdout.write(`${server.port}\n`);
