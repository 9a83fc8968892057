/// `/var/runtime/bootstrap.js`: the Node.js side of the Runtime API.
///
/// A socket of its own instead of `http`: it must not keep the event loop alive while a handler runs, since an empty loop
/// has a meaning for handlers, and it saves a third of the start-up time.
let nodeBootstrap = #"""
'use strict';

const fs = require('fs');
const net = require('net');
const path = require('path');
const util = require('util');

const [task, layers] = process.argv.slice(2, 4);
process.argv.splice(2);
const API = '/2018-06-01/runtime';
const executionEnvironment = process.env.AWS_EXECUTION_ENV || '';
const major = Number((/nodejs(\d+)/.exec(executionEnvironment) || [])[1] || 0);
const acceptsCallbacks = major < 24;
const REQUEST_ID = Symbol.for('aws.lambda.runtime.requestId');
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
let clockOffset = 0;

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

// ---- Log ---------------------------------------------------------------------------------------------------------

const LEVELS = { TRACE: 1, DEBUG: 2, INFO: 3, WARN: 4, ERROR: 5, FATAL: 6 };
const jsonFormat = (process.env.AWS_LAMBDA_LOG_FORMAT || '').toUpperCase() === 'JSON';
const leastLevel = LEVELS[(process.env.AWS_LAMBDA_LOG_LEVEL || '').toUpperCase()] || 1;

function writeFrame(text) {
  const body = Buffer.from(text, 'utf8');
  const frame = Buffer.allocUnsafe(16 + body.length);
  frame.writeUInt32BE(0xa55a0003, 0);
  frame.writeUInt32BE(body.length, 4);
  frame.writeBigInt64BE(BigInt(Date.now()) * 1000n, 8);
  body.copy(frame, 16);
  let offset = 0;
  while (offset < frame.length) {
    try {
      offset += fs.writeSync(1, frame, offset);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

function jsonError(_key, value) {
  if (!(value instanceof Error)) return value;
  return Object.assign({
    errorType: value.constructor?.name ?? 'UnknownError',
    errorMessage: value.message,
    stackTrace: typeof value.stack === 'string' ? value.stack.split('\n') : value.stack,
  }, value);
}

function writeLog(level, ...parameters) {
  const timestamp = new Date(Date.now() + clockOffset).toISOString();
  const requestId = globalThis[REQUEST_ID];
  if (!jsonFormat) {
    writeFrame(`${timestamp}\t${requestId}\t${level}\t${util.format(...parameters)}`);
    return;
  }
  const record = { timestamp, level, requestId };
  if (parameters.length === 1) {
    record.message = parameters[0];
    try {
      return writeFrame(JSON.stringify(record, jsonError));
    } catch {
      record.message = util.format(parameters[0]);
      return writeFrame(JSON.stringify(record));
    }
  }
  record.message = util.format(...parameters);
  const error = parameters.find((value) => value instanceof Error);
  if (error) Object.assign(record, jsonError('', error));
  writeFrame(JSON.stringify(record));
}

function replaceConsole() {
  for (const level in LEVELS) {
    const write = LEVELS[level] >= leastLevel || level === 'FATAL'
      ? (...parameters) => writeLog(level, ...parameters) : () => {};
    console[level.toLowerCase()] = write;
  }
  console.log = console.info;
}

function enumerable(_key, value) {
  if (!(value instanceof Error)) return value;
  const result = Object.assign({ errorType: value.name, errorMessage: value.message, code: value.code }, value);
  if (typeof value.stack === 'string') result.stack = value.stack.split('\n');
  return result;
}

function logError(title, thrown) {
  const error = thrown instanceof Error ? thrown : new Error(thrown);
  if (jsonFormat) return console.error(error);
  let text;
  try {
    text = JSON.stringify(error, enumerable);
  } catch {
    text = JSON.stringify(described(error));
  }
  console.error(title, '\t' + text);
}

// ---- Errors ------------------------------------------------------------------------------------------------------

function runtimeError(kind, message, stack) {
  const error = new Error(message);
  error.name = 'Runtime.' + kind;
  error.stack = stack ?? error.stack.replace(/^Error/, error.name);
  return error;
}

function described(error) {
  try {
    const alike = error && typeof error.name === 'string' && error.name && typeof error.message === 'string'
      && error.message && typeof error.stack === 'string';
    if (util.types.isNativeError(error) || alike) {
      return { errorType: error.name, errorMessage: error.message, trace: error.stack.split('\n') };
    }
    return { errorType: typeof error, errorMessage: error.toString(), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    };
  }
}

// ---- Handler -----------------------------------------------------------------------------------------------------

function isModuleFolder(folder) {
  for (let at = folder; ; at = path.dirname(at)) {
    if (at.endsWith('/node_modules')) return false;
    try {
      return JSON.parse(fs.readFileSync(path.join(at, 'package.json'), 'utf8')).type === 'module';
    } catch (error) {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') return false;
    }
    if (at === path.dirname(at)) return false;
  }
}

async function loadModule(root, name) {
  const base = path.resolve(task, root, name);
  const isFile = (file) => fs.existsSync(file) && fs.statSync(file).isFile();
  if (isFile(base)) return require(base);
  const asModule = isModuleFolder(path.dirname(base));
  const types = Number(process.versions.node.split('.')[0]) >= 24;
  for (const extension of ['.js', '.mjs', '.cjs', ...(types ? ['.ts', '.mts', '.cts'] : [])]) {
    if (!isFile(base + extension)) continue;
    const imported = extension[1] === 'm' || (extension[1] !== 'c' && asModule);
    if (!imported) return require(base + extension);
    require('./sdk/resolution.js').forImports();
    return await import(require('url').pathToFileURL(base + extension));
  }
  return require(require.resolve(name, { paths: [task, path.resolve(task, root)] }));
}

async function findHandler(name) {
  if (name.includes('..')) {
    throw runtimeError('MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const last = path.basename(name);
  const root = name.substring(0, name.indexOf(last));
  const match = /^([^.]*)\.(.*)$/.exec(last);
  if (!match) throw runtimeError('MalformedHandlerName', 'Bad handler');
  let found;
  try {
    found = await loadModule(root, match[1]);
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', String(error), error.stack);
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw runtimeError('ImportModuleError', String(error));
    }
    throw error;
  }
  for (const key of match[2].split('.')) found = found && found[key];
  if (!found) throw runtimeError('HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof found !== 'function') throw runtimeError('HandlerNotFound', `${name} is not a function`);
  if (!acceptsCallbacks && found.length >= 3 && !found[STREAMING]) {
    throw runtimeError('CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to '
      + 'modify this function to use a supported handler signature to use Node.js 24 or later. For more information see '
      + 'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.');
  }
  return found;
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
  globalThis[REQUEST_ID] = id;
  clockOffset = Number(headers['skua-clock-offset-ms'] || 0);
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

// A streamed answer is collected: an Invoke that does not stream gets it whole.
function streamed(handler, { id, headers, body }) {
  const { Writable } = require('stream');
  const chunks = [];
  let type = 'application/octet-stream';
  const stream = new Writable({ write(chunk, encoding, next) { chunks.push(Buffer.from(chunk, encoding)); next(); } });
  stream.setContentType = (value) => { type = value; };
  stream._onBeforeFirstWrite = null;
  const again = () => handleOnce(handler);
  const fail = (error) => {
    whenEmpty = null;
    logError('Invoke Error', error);
    postError(id, error).then(again);
  };
  onUncaught = (error, code) => postError(id, error).then(() => process.exit(code));
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
    api.call('POST', `/invocation/${encodeURIComponent(id)}/response`, Buffer.concat(chunks), {
      'Content-Type': type, 'Lambda-Runtime-Function-Response-Mode': 'streaming',
    }).then(again);
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
  replaceConsole();
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
