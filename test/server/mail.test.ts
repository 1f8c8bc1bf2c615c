import {expect, test, vi} from 'vitest';
import {PATIENT} from '../helpers/patient.ts';
import {GOOD_FILE, startTestServer} from '../helpers/server.ts';
import {type Mail, startSmtpServer} from '../helpers/smtp-server.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

const messageIdOf = ({text}: Mail): string | undefined => /^Message-ID: (.*)$/im.exec(text)?.[1];

test('mail comes once its address is confirmed, one of each run, with the same Message-ID where it is sent again', async () => {
	const smtp = await startSmtpServer(count => (count === 1 ? '451 later' : '250 taken'));
	const urlFile = createTemporaryFolder().write('smtp', `smtp://127.0.0.1:${smtp.port}\n`);
	const server = await startTestServer({mail: {urlFile, from: 'fileproc@example.com'}});
	const {token} = server.seat('ann');
	const untilMails = (count: number) => vi.waitFor(() => expect(smtp.mails).toHaveLength(count), PATIENT);
	const {status, json} = await server.ask('POST', '/api/v1/webhooks', {token, json: {url: 'mailto:ann@example.com'}});
	expect({status, state: json.state, secret: json.secret}).toEqual({status: 201, state: 'unconfirmed', secret: null});
	await untilMails(1);
	expect(smtp.mails[0]).toMatchObject({from: 'fileproc@example.com', to: 'ann@example.com'});
	const code = /^([0-9a-z]{5}(?:-[0-9a-z]{5}){3})$/m.exec(smtp.mails[0]?.text ?? '')?.[1];
	const path = `/api/v1/webhooks/${json.id}`;
	// Nothing comes before that, and nobody can confirm it without the mail.
	const file = await server.upload(token, 'sales \u202e\r\nBcc: x@example.com.csv', GOOD_FILE);
	await server.untilTask(token, await server.run(token, file), 'COMPLETED');
	expect((await server.ask('PATCH', path, {token, headers: {'if-match': '*'}, json: {state: 'on'}})).json.code).toBe(
		'WEBHOOK_OFF',
	);
	expect((await server.ask('POST', `${path}/confirm`, {token, json: {code: 'guess'}})).json.code).toBe(
		'WRONG_MAIL_CODE',
	);
	expect((await server.ask('POST', `${path}/confirm`, {token, json: {code}})).json.state).toBe('on');
	await server.untilTask(token, await server.run(token, file), 'COMPLETED');
	await untilMails(2);
	await vi.waitFor(async () => {
		const {json: log} = await server.ask('GET', `${path}/deliveries`, {token});
		expect(log.deliveries[0]).toMatchObject({state: 'pending', attempts: 1});
	}, PATIENT);
	server.writeLedger(database => database.exec('UPDATE deliveries SET next_at = 0'));
	await server.restart();
	await untilMails(3);
	expect(messageIdOf(smtp.mails[2] as Mail)).toBe(messageIdOf(smtp.mails[1] as Mail));
	const text = smtp.mails[2]?.text ?? '';
	expect(text).toContain('20 rows, 0 of them rejected');
	expect(text).not.toMatch(/^Bcc:/im);
	expect(text).not.toContain('\u202e');
	// Neither the code nor the mail of the run before the confirmation ever comes.
	expect(smtp.mails).toHaveLength(3);
});
