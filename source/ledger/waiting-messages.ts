import {type MessagePort, receiveMessageOnPort} from 'node:worker_threads';

/** The messages that have come meanwhile. */
export function* waitingMessages<Message>(port: MessagePort): Generator<Message, void, undefined> {
	for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
		yield next.message as Message;
	}
}
