import {formatDay} from '../../kind.ts';
import {NEWLINE} from '../../row-buffer.ts';
import {LogClock} from './log-clock.ts';
import type {LogForm} from './log-form.ts';
import {compileTemplate, compileTemplates} from './template.ts';

const encoder = new TextEncoder();

const writeMessage = compileTemplates([
	[
		200,
		'INFO  [http-{digit}] shop.OrderService - Order placed user={user} order_id={id} items={digit} duration_ms={count}',
	],
	[
		180,
		'INFO  [http-{digit}] shop.RequestFilter - Request done method=GET path=/products/{id} status=200 user_id={userId} duration_ms={count}',
	],
	[120, 'INFO  [http-{digit}] shop.LoginService - Login succeeded uid={userId} client={client}'],
	[90, 'INFO  [worker-{digit}] shop.MailSender - Message sent user={user} bytes={bytes}'],
	[60, 'INFO  [scheduler] shop.StockImport - Imported {count} items in {count} ms'],
	[100, 'DEBUG [http-{digit}] shop.Cache - Miss key=product:{id} size={bytes}'],
	[60, 'DEBUG [worker-{digit}] shop.Queue - Took job id={hex} waiting={count}'],
	[40, 'TRACE [http-{digit}] shop.Pool - Connection {digit} acquired after_us={count}'],
	[60, 'WARN  [http-{digit}] shop.LoginService - Login failed user={user} client={client} attempts={digit}'],
	[40, 'WARN  [worker-{digit}] shop.Database - Slow query duration_ms={bytes} rows={count}'],
]);

const writeError = compileTemplates([
	[60, 'ERROR [http-{digit}] shop.PaymentService - Payment failed user_id={userId} order_id={id} code=E{digit}02'],
	[35, 'ERROR [worker-{digit}] shop.MailSender - Cannot send message user={user} attempts={digit}'],
	[5, 'FATAL [main] shop.Server - No connection to the database after {digit} attempts'],
]);

const writeException = compileTemplates([
	[50, 'java.net.SocketTimeoutException: Read timed out after {count} ms'],
	[30, 'java.lang.IllegalStateException: Order {id} is closed'],
	[20, 'java.lang.NullPointerException'],
]);
const writeFrame = compileTemplates([
	[30, '\tat shop.PaymentService.charge(PaymentService.java:{count})'],
	[30, '\tat shop.OrderService.place(OrderService.java:{count})'],
	[20, '\tat shop.http.Dispatcher.handle(Dispatcher.java:{count})'],
	[20, '\tat java.base/java.lang.Thread.run(Thread.java:833)'],
]);
const writeCause = compileTemplate('Caused by: java.io.IOException: Connection reset by peer, port {port}');
const writeRest = compileTemplate('\t... {count} more');
const writeNothing = compileTemplate('');

const ZONE = encoder.encode('Z ');

/**
The log of an application, with ISO 8601 times, levels and key=value pairs. Of 100 lines with a time, 5 are errors; half of
these have a stack trace of 6 to 13 lines. One line in 128 is followed by a blank one.
*/
export const applicationLog: LogForm = (random, day, lineCount) => {
	const clock = new LogClock(random, lineCount);
	const date = encoder.encode(`${formatDay(day)}T`);
	/** The lines to write before the next one with a time, the last one first. */
	const pending: (typeof writeNothing)[] = [];
	return buffer => {
		clock.advance();
		const writeContinuation = pending.pop();
		if (writeContinuation === undefined) {
			const choice = random.next();
			const isError = choice >>> 16 < 3277;
			if ((choice & 127) === 0) pending.push(writeNothing);
			if (isError && (choice & 128) === 0) pending.push(...createStackTrace((choice >>> 8) & 7));
			buffer.writeBytes(date);
			buffer.writeBytes(clock.bytes);
			buffer.writeByte(0x2e);
			buffer.writeInteger(clock.millisecond, 3);
			buffer.writeBytes(ZONE);
			(isError ? writeError : writeMessage)(buffer, random);
		} else writeContinuation(buffer, random);
		buffer.writeByte(NEWLINE);
	};
};

/** @returns The lines, the last one first. */
const createStackTrace = (extraFrames: number): readonly (typeof writeNothing)[] => [
	writeRest,
	writeFrame,
	writeCause,
	...Array.from({length: 2 + extraFrames}, () => writeFrame),
	writeException,
];
