import {PassThrough} from 'node:stream';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {LOCAL_ESCAPE_MS, openInput, REMOTE_ESCAPE_MS} from '../../../source/ui/input/input-stream.ts';

beforeEach(() => {
	vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance']});
});
afterEach(() => {
	vi.useRealTimers();
});

function listen(escapeMs: number = LOCAL_ESCAPE_MS) {
	const stdin = new PassThrough();
	const input = openInput({stdin: stdin as unknown as NodeJS.ReadStream, escapeMs});
	const told: string[] = [];
	input.subscribe(token => {
		told.push(token.type === 'key' ? token.name : token.type === 'paste' ? `paste ${token.text}` : token.type);
	});
	const send = (text: string): void => {
		stdin.emit('data', Buffer.from(text));
	};
	return {input, stdin, told, send};
}

test('a lone ESC is the Escape key after a while, locally sooner than over a network', () => {
	for (const escapeMs of [LOCAL_ESCAPE_MS, REMOTE_ESCAPE_MS]) {
		const {told, send} = listen(escapeMs);
		send('\u{1b}');
		vi.advanceTimersByTime(escapeMs - 1);
		expect(told).toEqual([]);
		vi.advanceTimersByTime(2);
		expect(told).toEqual(['escape']);
	}
});

test('an arrow key that a slow link cuts is an arrow key', () => {
	const {told, send} = listen(REMOTE_ESCAPE_MS);
	send('\u{1b}');
	vi.advanceTimersByTime(90);
	send('[');
	vi.advanceTimersByTime(500);
	send('A');
	expect(told).toEqual(['up']);
});

test('while the process was busy, unread input is read before ESC counts as a key', () => {
	const {told, send} = listen();
	send('\u{1b}');
	// The timer is due, and the rest of the key comes before its immediate.
	setTimeout(() => send('[B'), LOCAL_ESCAPE_MS);
	vi.advanceTimersByTime(LOCAL_ESCAPE_MS);
	vi.runAllTimers();
	expect(told).toEqual(['down']);
});

test('a paste that contains the end mark of a paste does not type its rest', () => {
	const {told, send} = listen();
	send('\u{1b}[200~harmless\u{1b}[201~q');
	send('y');
	vi.advanceTimersByTime(40);
	send('qx\u{3}');
	expect(told).toEqual(['paste harmless']);
	vi.advanceTimersByTime(60);
	send('j');
	expect(told).toEqual(['paste harmless', 'j']);
});

test('much text at once is a paste even if the terminal does not mark it', () => {
	const {told, send} = listen();
	send('rm -rf / and quit, quickly');
	send('j');
	expect(told).toEqual(['paste rm -rf / and quit, quickly', 'j']);
	send('x'.repeat(300));
	send('q');
	expect(told.at(-1)).toBe(`paste ${'x'.repeat(300)}`);
});

test('keys that arrive together over a slow link are all passed on', () => {
	const {told, send} = listen();
	send('jjk\u{1b}[A\u{1b}[A\u{1b}[A\u{1b}[A\u{1b}[A\u{1b}[A');
	expect(told).toEqual(['j', 'j', 'k', 'up', 'up', 'up', 'up', 'up', 'up']);
});

test('keys pressed before the first listener are not lost', () => {
	const stdin = new PassThrough();
	const input = openInput({stdin: stdin as unknown as NodeJS.ReadStream, escapeMs: LOCAL_ESCAPE_MS});
	stdin.emit('data', Buffer.from('jk'));
	const told: string[] = [];
	input.subscribe(token => void told.push(token.type === 'key' ? token.name : token.type));
	stdin.emit('data', Buffer.from('l'));
	expect(told).toEqual(['j', 'k', 'l']);
});

test('after it was closed, no tokens are emitted', () => {
	const {input, told, send, stdin} = listen();
	send('\u{1b}');
	input.close();
	send('j');
	vi.runAllTimers();
	expect(told).toEqual([]);
	expect(stdin.listenerCount('data')).toBe(0);
});
