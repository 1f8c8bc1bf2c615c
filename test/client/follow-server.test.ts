// A real server in the dashboard: its tasks come, are told apart, tried again, and bring their results where they are looked at.
import {writeFileSync} from 'node:fs';
import {expect, onTestFinished, test, vi} from 'vitest';
import {followServer} from '../../source/cli/commands/attach/follow-server.ts';
import {Connection} from '../../source/client/connection.ts';
import {runCommand, transactions} from '../helpers/command.ts';
import {PATIENT} from '../helpers/patient.ts';
import {startTestServer} from '../helpers/server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

test('what is sent from the dashboard runs there, is shown with its results', async () => {
	const server = await startTestServer({isOpen: true});
	const connection = new Connection({origin: server.url, token: null, userAgent: 'test'});
	const messages: string[] = [];
	const run = await followServer(connection, message => messages.push(message));
	onTestFinished(() => {
		run.close();
		connection.close();
	});
	const folder = createTemporaryFolder();
	writeFileSync(folder.at('a.csv'), transactions(20));
	writeFileSync(folder.at('b.csv'), 'no table at all\u0000');
	const sentences: string[] = [];
	const upload = (path: string) => run.control.upload?.(path, sentence => sentences.push(sentence));
	expect(await upload(folder.path)).toMatch(/^Sent \d of \d files/);
	expect(sentences.join()).toMatch(/Sending .*a\.csv/);
	const rows = () => run.store.getSnapshot().files;
	await vi.waitFor(() => expect(rows().find(({file}) => file === 'a.csv')?.status).toBe('completed'), PATIENT);
	expect(rows()[0]?.report?.result).toBeNull();
	await run.control.loadReport?.({file: 'a.csv'});
	await vi.waitFor(() => expect(rows()[0]?.report?.result).toMatchObject({total_transactions: 20}), PATIENT);
	expect(run.connection.get()).toBe('live');
	expect(await upload(folder.at('nothing.csv'))).toMatch(/^Nothing to send at .*nothing\.csv/);
	expect(messages).toEqual([]);
});

test('who is not logged in gets no dashboard, but is told so once, in the words of the command', async () => {
	const server = await startTestServer();
	await server.account('ann');
	const folder = createTemporaryFolder();
	const env = {XDG_CONFIG_HOME: folder.path};
	const {code, stdout, stderr} = await runCommand(['attach', server.url, '--once'], {env});
	expect({code, stdout}).toEqual({code: 3, stdout: ''});
	expect(stderr).toBe(
		`fileproc-tui: Nobody is logged in to ${server.url}, or not any more. Log in: fileproc-tui login ${server.url}\n`,
	);
});
