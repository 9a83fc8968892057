/// `/var/runtime/log.js`: the console as AWS's Node.js runtimes write it, and errors as callers and logs see them.
let nodeLog = #"""
    'use strict';

    const fs = require('fs');
    const util = require('util');

    exports.REQUEST_ID = Symbol.for('aws.lambda.runtime.requestId');
    /** Added to the times in log lines, in milliseconds. */
    exports.clockOffset = 0;

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
      const timestamp = new Date(Date.now() + exports.clockOffset).toISOString();
      const requestId = globalThis[exports.REQUEST_ID];
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

    Object.assign(exports, { replaceConsole, logError, runtimeError, described });
    """#
