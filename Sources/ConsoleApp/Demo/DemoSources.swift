/// The code of the demo world's functions and its workflow, as a person would write it.
enum DemoSources {
    static let receiveOrder = #"""
        import json
        import os

        import boto3

        workflows = boto3.client("stepfunctions")


        def handler(event, context):
            for record in event["Records"]:
                order = json.loads(record["body"])
                print(f"order {order['id']} from {order['customer']}")
                workflows.start_execution(
                    stateMachineArn=os.environ["WORKFLOW_ARN"],
                    name=f"order-{order['id']}",
                    input=json.dumps(order),
                )
        """#

    static let priceOrder = #"""
        from pricing import total


        def handler(order, context):
            amount = total(order["items"])
            print(f"order {order['id']}: {len(order['items'])} items, {amount:.2f} EUR")
            return {**order, "amount": amount}
        """#

    /// The layer that `price-order` and `reserve-stock` share.
    static let pricingLayer = #"""
        PRICES = {"lamp": 39.0, "chair": 129.0, "desk": 449.0, "shelf": 89.0}


        def total(items):
            return round(sum(PRICES[item["sku"]] * item["quantity"] for item in items), 2)
        """#

    static let chargeCard = #"""
        class CardDeclined(Exception):
            pass


        def handler(order, context):
            if order.get("card") == "declined":
                raise CardDeclined(f"the bank declined {order['amount']:.2f} EUR for {order['customer']}")
            return {"charged": order["amount"], "by": "version " + context.function_version}
        """#

    static let chargeCardNext = #"""
        class CardDeclined(Exception):
            pass


        def handler(order, context):
            card = order.get("card", "none")
            if card == "declined":
                raise CardDeclined(f"the bank declined {order['amount']:.2f} EUR for {order['customer']}")
            return {"charged": order["amount"], "by": "version " + context.function_version, "method": card}
        """#

    static let reserveStock = #"""
        def handler(item, context):
            if item["quantity"] > 20:
                raise ValueError(f"only 20 of {item['sku']} are in stock")
            return {"sku": item["sku"], "reserved": item["quantity"]}
        """#

    static let notifyCustomer = #"""
        const AWS = require("aws-sdk");
        const querystring = require("querystring");

        exports.handler = function (event, context, callback) {
          for (const record of event.Records) {
            const note = JSON.parse(record.body);
            console.log("mail to", note.customer, "about order", note.order, "-", note.status);
          }
          callback(null, { statusCode: 200, body: JSON.stringify("Hello from Lambda!") });
        };
        """#

    static let notifyCustomerPython = #"""
        import json


        def handler(event, context):
            for record in event["Records"]:
                note = json.loads(record["body"])
                print(f"mail to {note['customer']} about order {note['order']} - {note['status']}")
            return {"statusCode": 200, "body": json.dumps("Hello from Lambda!")}
        """#

    /// The order workflow. `PRICE`, `CHARGE`, `RESERVE` and `TOPIC` are replaced by ARNs.
    static let workflow = #"""
        {
          "Comment": "Takes an order from its price to the customer's mail.",
          "StartAt": "Price order",
          "States": {
            "Price order": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": { "FunctionName": "${PRICE}", "Payload.$": "$" },
              "OutputPath": "$.Payload",
              "Retry": [
                { "ErrorEquals": ["Lambda.TooManyRequestsException"], "IntervalSeconds": 1, "MaxAttempts": 5, "BackoffRate": 2 }
              ],
              "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Tell: rejected" }],
              "Next": "Large order?"
            },
            "Large order?": {
              "Type": "Choice",
              "Choices": [{ "Variable": "$.amount", "NumericGreaterThan": 5000, "Next": "Wait for approval" }],
              "Default": "Fulfil"
            },
            "Wait for approval": { "Type": "Wait", "Seconds": 86400, "Next": "Fulfil" },
            "Fulfil": {
              "Type": "Parallel",
              "Branches": [
                {
                  "StartAt": "Charge card",
                  "States": {
                    "Charge card": {
                      "Type": "Task",
                      "Resource": "${CHARGE}",
                      "TimeoutSeconds": 30,
                      "Retry": [
                        { "ErrorEquals": ["CardDeclined"], "IntervalSeconds": 2, "MaxAttempts": 2, "BackoffRate": 2 }
                      ],
                      "End": true
                    }
                  }
                },
                {
                  "StartAt": "Reserve items",
                  "States": {
                    "Reserve items": {
                      "Type": "Map",
                      "ItemsPath": "$.items",
                      "MaxConcurrency": 3,
                      "ItemProcessor": {
                        "ProcessorConfig": { "Mode": "INLINE" },
                        "StartAt": "Reserve stock",
                        "States": {
                          "Reserve stock": { "Type": "Task", "Resource": "${RESERVE}", "End": true }
                        }
                      },
                      "End": true
                    }
                  }
                }
              ],
              "ResultPath": "$.fulfilment",
              "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Tell: rejected" }],
              "Next": "Tell: on its way"
            },
            "Tell: on its way": {
              "Type": "Task",
              "Resource": "arn:aws:states:::sns:publish",
              "Parameters": {
                "TopicArn": "${TOPIC}",
                "Message": { "order.$": "$.id", "customer.$": "$.customer", "status": "on its way" },
                "MessageAttributes": { "status": { "DataType": "String", "StringValue": "on its way" } }
              },
              "ResultPath": null,
              "Next": "Done"
            },
            "Done": { "Type": "Succeed" },
            "Tell: rejected": {
              "Type": "Task",
              "Resource": "arn:aws:states:::sns:publish",
              "Parameters": {
                "TopicArn": "${TOPIC}",
                "Message": { "order.$": "$.id", "customer.$": "$.customer", "status": "rejected" },
                "MessageAttributes": { "status": { "DataType": "String", "StringValue": "rejected" } }
              },
              "ResultPath": null,
              "Next": "Rejected"
            },
            "Rejected": { "Type": "Fail", "ErrorPath": "$.error.Error", "CausePath": "$.error.Cause" }
          }
        }
        """#

    /// What the gentle traffic sends; `${id}` is new for each.
    static let orders = [
        #"{"id":"${id}","customer":"ada@example.com","card":"visa","items":[{"sku":"lamp","quantity":2},{"sku":"shelf","quantity":1}]}"#,
        #"{"id":"${id}","customer":"grace@example.com","card":"visa","items":[{"sku":"desk","quantity":1}]}"#,
        #"{"id":"${id}","customer":"linus@example.com","card":"amex","items":[{"sku":"chair","quantity":4},{"sku":"desk","quantity":1},{"sku":"lamp","quantity":1}]}"#,
        #"{"id":"${id}","customer":"edsger@example.com","card":"visa","items":[{"sku":"shelf","quantity":3}]}"#,
        #"{"id":"${id}","customer":"barbara@example.com","card":"declined","items":[{"sku":"chair","quantity":1}]}"#,
    ]

    /// A body that is no JSON: `receive-order` fails on it until the queue gives up.
    static let poison = "id=4711;customer=bob@example.com;items=lamp*2"

    static let largeOrder =
        #"{"id":"70001","customer":"margaret@example.com","card":"visa","items":[{"sku":"desk","quantity":12},{"sku":"chair","quantity":18}]}"#
    static let declinedOrder =
        #"{"id":"70002","customer":"barbara@example.com","card":"declined","items":[{"sku":"desk","quantity":1}]}"#
}
