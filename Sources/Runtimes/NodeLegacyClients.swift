/// `/var/runtime/sdk/legacy.js`: the services as SDK v2 (`aws-sdk`) presents them.
let nodeLegacyClients = #"""
    'use strict';

    const services = require('./services.js');
    const { send } = require('./transport.js');

    const camel = (name) => name[0].toLowerCase() + name.slice(1);

    function legacyError(failure) {
      if (failure instanceof Error) return failure;
      const error = new Error(failure.message);
      error.code = failure.legacyCode;
      error.name = failure.legacyCode;
      error.statusCode = failure.status;
      error.requestId = failure.metadata.requestId;
      error.retryable = failure.status >= 500;
      error.time = new Date();
      return error;
    }

    /** Sent when asked for its promise, or when given a callback; as in SDK v2, never twice. */
    class Request {
      constructor(start) {
        this.start = start;
        this.listeners = {};
      }

      promise() {
        if (!this.sent) {
          this.sent = this.start();
          this.sent.then(
            (data) => this.emit('success', { data }, data), (error) => this.emit('error', error, error));
        }
        return this.sent;
      }

      emit(name, value, completed) {
        for (const listener of this.listeners[name] || []) listener(value);
        for (const listener of this.listeners.complete || []) {
          listener(name === 'success' ? { data: completed, error: null } : { data: null, error: completed });
        }
      }

      on(name, listener) {
        (this.listeners[name] = this.listeners[name] || []).push(listener);
        return this;
      }

      send(callback) {
        this.promise().then((data) => callback?.(null, data), (error) => callback?.(error, null));
        return this;
      }
    }

    module.exports = function legacy() {
      const AWS = {
        config: {
          update(values) { Object.assign(this, values); },
          getCredentials(callback) { callback(null, this.credentials); },
        },
        Credentials: class Credentials {
          constructor(accessKeyId, secretAccessKey, sessionToken) {
            Object.assign(this, typeof accessKeyId === 'object' ? accessKeyId : { accessKeyId, secretAccessKey, sessionToken });
          }
        },
        Endpoint: class Endpoint {
          constructor(text) {
            const url = new URL(/^https?:/.test(text) ? text : 'https://' + text);
            Object.assign(this, { protocol: url.protocol, host: url.host, hostname: url.hostname, port: url.port, href: url.href, path: url.pathname });
          }
        },
      };
      const settings = ({ update, getCredentials, ...values }) => values;
      for (const service of services) {
        class Service {
          constructor(config = {}) {
            this.config = { ...settings(AWS.config), ...(config.params ? { ...config, params: undefined } : config) };
            this.defaults = config.params || {};
          }

          makeRequest(name, params, callback) {
            const given = typeof params === 'function' ? {} : params;
            const done = typeof params === 'function' ? params : callback;
            const operation = name[0].toUpperCase() + name.slice(1);
            const request = new Request(async () => {
              try {
                const { output } = await send(service, operation, { ...this.defaults, ...given }, this.config);
                if (service.protocol === 'lambda' && output.Payload) output.Payload = output.Payload.transformToString();
                return output;
              } catch (failure) {
                throw legacyError(failure);
              }
            });
            return done ? request.send(done) : request;
          }
        }
        for (const operation of service.operations) {
          Service.prototype[camel(operation)] = function call(params, callback) {
            return this.makeRequest(operation, params, callback);
          };
        }
        Object.defineProperty(Service, 'name', { value: service.legacyName });
        AWS[service.legacyName] = Service;
      }
      AWS.CloudWatchEvents = AWS.EventBridge;
      const { marshall, unmarshall, convertToAttr, convertToNative } = require('./attributes.js');
      AWS.DynamoDB.Converter = {
        marshall: (value) => marshall(value, { removeUndefinedValues: true }), unmarshall, input: convertToAttr, output: convertToNative,
      };
      const { translate } = require('./documents.js');
      AWS.DynamoDB.DocumentClient = class DocumentClient {
        constructor(config = {}) {
          this.service = config.service || new AWS.DynamoDB(config);
        }

        createSet(list) {
          return new Set(list);
        }
      };
      const operations = {
        get: 'GetItem', put: 'PutItem', update: 'UpdateItem', delete: 'DeleteItem', query: 'Query', scan: 'Scan',
        batchGet: 'BatchGetItem', batchWrite: 'BatchWriteItem', transactGet: 'TransactGetItems', transactWrite: 'TransactWriteItems',
      };
      for (const [name, operation] of Object.entries(operations)) {
        AWS.DynamoDB.DocumentClient.prototype[name] = function call(params, callback) {
          const request = new Request(async () => {
            const output = await this.service.makeRequest(operation, translate.input(params, { removeUndefinedValues: true })).promise();
            return translate.output(output);
          });
          return callback ? request.send(callback) : request;
        };
      }
      return AWS;
    };
    """#
