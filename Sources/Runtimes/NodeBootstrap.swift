/// `/var/runtime/bootstrap.js`: the Node.js side of the Runtime API.
///
/// A socket of its own instead of `http`: it must not keep the event loop alive while a handler runs, since an empty loop
/// has a meaning for handlers, and it saves a third of the start-up time.
let nodeBootstrap = #"""
    'use strict';

    const net = require('net');
    const log = require('./log.js');
    const { findHandler, acceptsCallbacks, STREAMING } = require('./handlers.js');
    const { logError, runtimeError, described } = log;

    process.argv.splice(2);
    const API = '/2018-06-01/runtime';

    // ---- Runtime API -------------------------------------------------------------------------------------------------

    class RuntimeAPI {
      constructor(address) {
        const [host, port] = address.split(':');
        this.address = address;
        this.received = Buffer.alloc(0);
        this.waiting = null;
        this.socket = net.connect({ host, port: Number(port), noDelay: true });
        this.socket.on('data', (data) => {
          this.received = this.received.length ? Buffer.concat([this.received, data]) : data;
          this.parse();
        });
        const gone = () => process.exit(1);
        this.socket.on('error', gone).on('end', gone);
        this.socket.unref();
      }

      /** Answers come in the order of requests, and there is one request at a time. */
      call(method, target, body, headers) {
        const content = body === undefined ? undefined : Buffer.from(body);
        let head = `${method} ${API}${target} HTTP/1.1\r\nHost: ${this.address}\r\n`;
        for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
        if (content !== undefined) head += `Content-Length: ${content.length}\r\n`;
        head += '\r\n';
        this.socket.ref();
        return new Promise((resolve) => {
          this.waiting = resolve;
          this.socket.write(content && content.length ? Buffer.concat([Buffer.from(head, 'latin1'), content]) : head, 'latin1');
        });
      }

      /** A request whose body comes piece by piece. */
      open(method, target, headers) {
        let head = `${method} ${API}${target} HTTP/1.1\r\nHost: ${this.address}\r\nTransfer-Encoding: chunked\r\n`;
        for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
        this.socket.write(head + '\r\n', 'latin1');
        return {
          write: (chunk, then) => {
            if (!chunk.length) return then();
            this.socket.cork();
            this.socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
            this.socket.write(chunk);
            this.socket.write('\r\n', 'latin1', then);
            this.socket.uncork();
          },
          end: (trailers) => {
            let last = '0\r\n';
            for (const name in trailers) last += `${name}: ${trailers[name]}\r\n`;
            this.socket.ref();
            return new Promise((resolve) => {
              this.waiting = resolve;
              this.socket.write(last + '\r\n', 'latin1');
            });
          },
        };
      }

      parse() {
        const end = this.received.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!this.head) {
          const lines = this.received.toString('latin1', 0, end).split('\r\n');
          const headers = {};
          for (const line of lines.slice(1)) {
            const colon = line.indexOf(':');
            headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
          }
          this.head = { status: Number(lines[0].split(' ')[1]), headers };
        }
        const length = Number(this.head.headers['content-length'] || 0);
        if (this.received.length < end + 4 + length) return;
        const body = this.received.subarray(end + 4, end + 4 + length);
        this.received = this.received.subarray(end + 4 + length);
        const { status, headers } = this.head;
        const resolve = this.waiting;
        this.head = null;
        this.waiting = null;
        this.socket.unref();
        resolve({ status, headers, body });
      }
    }

    // ---- Invocations -------------------------------------------------------------------------------------------------

    let api;
    /** What to do when the event loop has nothing left. */
    let whenEmpty = null;
    let onUncaught = null;

    function isPromise(value) {
      return value && typeof value.then === 'function';
    }

    function makeContext(headers) {
      const deadline = Number(headers['lambda-runtime-deadline-ms']);
      const json = (name) => (headers[name] ? JSON.parse(headers[name]) : undefined);
      return {
        functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
        functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
        memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
        logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
        logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
        clientContext: json('lambda-runtime-client-context'),
        identity: json('lambda-runtime-cognito-identity'),
        invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
        awsRequestId: headers['lambda-runtime-aws-request-id'],
        getRemainingTimeInMillis: () => deadline - Date.now(),
      };
    }

    async function nextOrder() {
      const { status, headers, body } = await api.call('GET', '/invocation/next');
      if (status !== 200) process.exit(1);
      const id = headers['lambda-runtime-aws-request-id'];
      globalThis[log.REQUEST_ID] = id;
      log.clockOffset = Number(headers['skua-clock-offset-ms'] || 0);
      if (headers['lambda-runtime-trace-id']) process.env._X_AMZN_TRACE_ID = headers['lambda-runtime-trace-id'];
      else delete process.env._X_AMZN_TRACE_ID;
      return { id, headers, body };
    }

    /** Sends an invocation's error. What the promise gives is of no interest. */
    function postError(id, error) {
      const result = described(error);
      return api.call('POST', `/invocation/${encodeURIComponent(id)}/error`, JSON.stringify(result), {
        'Content-Type': 'application/json',
        'Lambda-Runtime-Function-Error-Type': /^[\x20-\x7e]*$/.test(result.errorType) ? result.errorType : 'Error',
      });
    }

    function serialized(value) {
      const text = JSON.stringify(value === undefined ? null : value);
      return text === undefined ? 'null' : text;
    }

    function handleOnce(handler) {
      setImmediate(() => {
        nextOrder().then((order) => (handler[STREAMING] ? streamed : buffered)(handler, order)).catch((error) => {
          logError('Uncaught Exception', error);
          onUncaught(error, 129);
        });
      });
    }

    function buffered(handler, { id, headers, body }) {
      const again = () => handleOnce(handler);
      let answered = false;
      let called = false;
      let waits = true;

      const fail = (error) => {
        if (answered) return;
        answered = true;
        whenEmpty = null;
        logError('Invoke Error', error);
        postError(id, error).then(again);
      };
      const succeed = (value) => {
        if (answered) return;
        let text;
        try {
          text = serialized(value);
        } catch {
          return fail(new Error('Unable to stringify response body'));
        }
        answered = true;
        whenEmpty = null;
        api.call('POST', `/invocation/${encodeURIComponent(id)}/response`, text, { 'Content-Type': 'application/json' })
          .then(again);
      };
      const once = (action) => (...values) => {
        if (called) return;
        called = true;
        action(...values);
      };
      const done = (error, value) => (error === undefined || error === null ? succeed(value) : fail(error));
      // Only the callback waits for the loop to drain; `done` and a promise do not.
      const callback = once((error, value) => {
        if (error !== undefined && error !== null) return fail(error);
        if (!waits) return succeed(value);
        whenEmpty = () => setImmediate(() => succeed(value));
      });

      const context = makeContext(headers);
      if (acceptsCallbacks) {
        Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
          enumerable: true, get: () => waits, set: (value) => { waits = value; },
        });
        context.done = once(done);
        context.succeed = once((value) => done(null, value));
        context.fail = once((error) => done(error === undefined || error === null ? 'handled' : error));
      }
      onUncaught = (error, code) => {
        if (answered) return process.exit(code);
        answered = true;
        postError(id, error).then(() => process.exit(code));
      };
      whenEmpty = () => {
        if (handler.constructor?.name !== 'AsyncFunction' && acceptsCallbacks) return succeed(null);
        fail(runtimeError('NodeJsExit',
          'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that '
          + 'was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes'));
      };

      try {
        const event = JSON.parse(body.toString('utf8'));
        const result = acceptsCallbacks ? handler(event, context, callback) : handler(event, context);
        if (isPromise(result)) {
          result.then(once((value) => done(null, value)),
            once((error) => done(error === undefined || error === null ? 'handled' : error)));
        } else if (!acceptsCallbacks) {
          succeed(result);
        }
      } catch (error) {
        called = true;
        fail(error);
      }
    }

    // AWS: what is written leaves at once; a failure after that is told in trailers.
    function streamed(handler, { id, headers, body }) {
      const { Writable } = require('stream');
      const target = `/invocation/${encodeURIComponent(id)}/response`;
      let type = 'application/octet-stream';
      let answer = null;
      const begin = () => {
        answer = answer || api.open('POST', target, {
          'Content-Type': type, 'Lambda-Runtime-Function-Response-Mode': 'streaming',
          'Trailer': 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
        });
        return answer;
      };
      const stream = new Writable({
        write(chunk, encoding, next) { begin().write(Buffer.from(chunk, encoding), next); },
      });
      stream.setContentType = (value) => { type = value; };
      stream._onBeforeFirstWrite = null;
      const again = () => handleOnce(handler);
      const post = (error) => {
        if (!answer) return postError(id, error);
        const result = described(error);
        return answer.end({
          'Lambda-Runtime-Function-Error-Type': /^[\x20-\x7e]*$/.test(result.errorType) ? result.errorType : 'Error',
          'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(result)).toString('base64'),
        });
      };
      const fail = (error) => {
        whenEmpty = null;
        logError('Invoke Error', error);
        post(error).then(again);
      };
      onUncaught = (error, code) => post(error).then(() => process.exit(code));
      whenEmpty = () => fail(runtimeError('NodeJsExit', 'The response stream was never ended.'));
      const finished = new Promise((resolve) => stream.once('finish', resolve));
      let result;
      try {
        result = handler(JSON.parse(body.toString('utf8')), stream, makeContext(headers));
      } catch (error) {
        return fail(error);
      }
      if (!isPromise(result)) return fail('Streaming does not support non-async handlers.');
      result.then(() => finished).then(() => {
        whenEmpty = null;
        begin().end().then(again);
      }, fail);
    }

    const awslambda = {
      streamifyResponse(handler) {
        handler[STREAMING] = 'response';
        return handler;
      },
      HttpResponseStream: {
        from(stream, prelude) {
          stream.setContentType('application/vnd.awslambda.http-integration-response');
          stream.write(JSON.stringify(prelude));
          stream.write(Buffer.alloc(8));
          return stream;
        },
      },
    };

    // ---- Start -------------------------------------------------------------------------------------------------------

    async function main() {
      log.replaceConsole();
      api = new RuntimeAPI(process.env.AWS_LAMBDA_RUNTIME_API);
      onUncaught = (error, code) => {
        const result = described(error);
        api.call('POST', '/init/error', JSON.stringify(result), { 'Lambda-Runtime-Function-Error-Type': result.errorType })
          .then(() => process.exit(code));
      };
      process.on('uncaughtException', (error) => {
        logError('Uncaught Exception', error);
        onUncaught(error, 129);
      });
      process.on('unhandledRejection', (reason) => {
        const error = runtimeError('UnhandledPromiseRejection', String(reason));
        error.reason = reason;
        logError('Unhandled Promise Rejection', error);
        onUncaught(error, 128);
      });
      process.on('beforeExit', () => {
        const action = whenEmpty;
        whenEmpty = null;
        if (action) action();
      });
      if (process.env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA !== '1') globalThis.awslambda = awslambda;
      require('./sdk/resolution.js').forRequires();
      let handler;
      try {
        handler = await findHandler(process.env._HANDLER);
      } catch (error) {
        logError('Uncaught Exception', error);
        return onUncaught(error, 129);
      }
      handleOnce(handler);
    }

    main();
    """#
