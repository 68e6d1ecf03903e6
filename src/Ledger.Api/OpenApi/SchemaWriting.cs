using Ledger.Api.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

namespace Ledger.Api.OpenApi;

/// <summary>Writes the schemas that cannot be seen from types with converters of their own.</summary>
internal sealed class SchemaWriting : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(Instant))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        }
        else if (type == typeof(LocalDate))
        {
            (schema.Type, schema.Format) = (JsonSchemaType.String, "date");
        }
        else if (type == typeof(Problem))
        {
            WriteProblem(schema);
        }
        else if (schema.Type is { } known)
        {
            // What is absent is left out of an answer; null is never written.
            schema.Type = known & ~JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }

    private static void WriteProblem(OpenApiSchema schema)
    {
        schema.Type = JsonSchemaType.Object;
        schema.Description = "RFC 9457 problem details. Switch on `code`. Further members hold the numbers behind it.";
        schema.Required = new HashSet<string> { "type", "title", "status", "detail", "code" };
        schema.Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("A path that leads to a page about the problem."),
            ["title"] = Text("What happened, in the caller's language."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" },
            ["detail"] = Text("What happened here and what to do."),
            ["code"] = Text("Stable; see docs/errors.md."),
            ["path"] = Text("Where in the body, as a JSON path."),
        };
    }

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
