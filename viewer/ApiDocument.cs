using Bedside.Model;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Bedside.Viewer;

/// <summary>The OpenAPI document at <c>/openapi/v1.json</c>.</summary>
internal static class ApiDocument
{
    public const string Name = "v1";

    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Bedside",
                Version = Name,
                Description = "What one bed's devices said, live and stored. It only reads: nothing here can change a setting of a device. "
                    + "Times are ISO 8601 in UTC. PROTOCOL.md has the WebSocket and the binary forms.",
                License = new OpenApiLicense { Name = "GPL-3.0-or-later" },
            };
            return Task.CompletedTask;
        }).AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(UtcInstant) || context.JsonTypeInfo.Type == typeof(UtcInstant?))
            {
                schema.Type = JsonSchemaType.String | (context.JsonTypeInfo.Type == typeof(UtcInstant?) ? JsonSchemaType.Null : 0);
                schema.Format = "date-time";
            }

            return Task.CompletedTask;
        }).AddOperationTransformer((operation, _, _) =>
        {
            foreach (IOpenApiParameter parameter in operation.Parameters ?? [])
            {
                Describe(parameter);
            }

            return Task.CompletedTask;
        });
    }

    private static void Describe(IOpenApiParameter parameter)
    {
        parameter.Description = parameter.Name switch
        {
            "from" => "ISO 8601 with a zone; an hour before 'to' when left out.",
            "to" => "ISO 8601 with a zone, not included; now when left out.",
            "id" => "Id of a signal, percent-encoded, or its number.",
            "driver" => "Name of a driver, as /help/devices lists it.",
            "key" => "Key of a mark, or of a question on the stay, percent-encoded.",
            "points" => "How many columns the range is cut into; with 'grid', at most.",
            "columns" => "'equal' (when left out): the range in equal columns. 'grid': columns of whole cells of the overview, which read no samples.",
            "day" => "The local date on which the ward's day begins, like 2026-11-21; the running day when left out.",
            "signals" => "Ids or numbers, separated by commas; all numerics and settings when left out, 80 at most.",
            _ => parameter.Description,
        };
        if ((parameter.Name == "from" || parameter.Name == "to") && parameter.Schema is OpenApiSchema schema)
        {
            schema.Format = "date-time";
        }
    }
}
