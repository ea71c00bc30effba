using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Bedside.Model;
using Bedside.Model.Audit;
using Bedside.Model.Context;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Bedside.Viewer;

/// <summary><c>/annotations</c>: the marks of people, and what devices noticed of themselves.</summary>
internal static class AnnotationsEndpoint
{
    private const int LongestText = 2000;
    private const int RandomKeyBytes = 12;

    public static void MapAnnotations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/annotations", List)
            .WithName("annotations").WithTags("lists").WithSummary("Marks of people and coded notices of devices that say something of a range of time, the newest version of each.")
            .Produces<IReadOnlyList<AnnotationAnswer>>().ProducesProblem(400).ProducesProblem(413);
        api.MapPost("/annotations", CreateAsync)
            .WithName("mark").WithTags("lists").WithSummary("Marks a time or a range; answered when it is on disk.")
            .Accepts<NewAnnotation>("application/json")
            .Produces<AnnotationAnswer>().Produces<AnnotationAnswer>(201).ProducesProblem(400).ProducesProblem(409).ProducesProblem(415).ProducesProblem(503);
        api.MapPatch("/annotations/{key}", ChangeAsync)
            .WithName("change-mark").WithTags("lists").WithSummary("Stores the next version of a mark; earlier ones are kept.")
            .Accepts<ChangedAnnotation>("application/json")
            .Produces<AnnotationAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(415).ProducesProblem(503);
    }

    private static IResult List(string? from, string? to, string? signal, string? kind, string? source, bool? withdrawn, MarkReader marks, BedView view, ListReader lists)
    {
        Signal? about = null;
        if (signal is not null && (about = view.Find(signal)) is null)
        {
            return Problems.NoSignal(signal);
        }

        return lists.Read(from, to, (_, range) => marks.In(range, withdrawn ?? false)
            .Where(one => (about is null || one.Concerns.Contains(about.Number.Value)) && (kind is null || one.Kind == kind) && (source is null || one.Source == source)));
    }

    private static Task<IResult> CreateAsync(
        NewAnnotation mark, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AnnotationBook book, MarkReader marks, BedView view, ActJournal journal, TimeProvider time, CancellationToken cancel)
    {
        Signal? signal = null;
        if (mark.Signal is { } id && (signal = view.Find(id)) is null)
        {
            return Task.FromResult<IResult>(Problems.BadRequest("'signal' must be the id or number of a signal of this bed; /api/v1/signals lists them."));
        }

        if (!Coded(mark.Attributes, CodedAttributes.None, out CodedAttributes? attributes, out ProblemHttpResult? wrong))
        {
            return Task.FromResult<IResult>(wrong);
        }

        string key = mark.Key ?? idempotencyKey ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomKeyBytes));
        var block = new AnnotationBlock
        {
            Signal = signal?.Number ?? SignalNumber.None,
            Start = mark.Time ?? time.Instant(),
            Key = key,
            Kind = mark.Kind ?? string.Empty,
            Text = mark.Text ?? string.Empty,
            Attributes = attributes,
            Source = AnnotationBook.Person,
            Until = mark.Until,
        };
        if ((Fault(block) ?? Unknown(block, signal)) is ProblemHttpResult fault)
        {
            return Task.FromResult<IResult>(fault);
        }

        return journal.DoAsync(EntryOf(AuditAct.MarkMake, block), async () =>
        {
            (AnnotationOutcome outcome, AnnotationBlock stored) = await book.CreateAsync(block, mark.Time is not null, cancel);
            return outcome switch
            {
                AnnotationOutcome.Stored => TypedResults.Created($"/api/v1/annotations/{stored.Key}", marks.Answer(stored)),
                AnnotationOutcome.Repeated => TypedResults.Ok(marks.Answer(stored)),
                _ => Problems.Conflict("Another mark has this key; take a new key for a new mark."),
            };
        });
    }

    private static Task<IResult> ChangeAsync(string key, ChangedAnnotation change, AnnotationBook book, MarkReader marks, BedView view, ActJournal journal, CancellationToken cancel)
    {
        if (change.Version is not int version)
        {
            return Task.FromResult<IResult>(Problems.BadRequest("'version' must say which version of the mark was read."));
        }

        if (book.Find(key) is not AnnotationBlock former)
        {
            return Task.FromResult<IResult>(NoMark());
        }

        if (!Coded(change.Attributes, former.Attributes, out CodedAttributes? attributes, out ProblemHttpResult? wrong))
        {
            return Task.FromResult<IResult>(wrong);
        }

        AnnotationBlock next = Changed(former, change, attributes);

        // Only what a request says is judged: a mark of a former build keeps its kind.
        bool isRecoded = change.Kind is not null || change.Attributes is not null;
        if ((Fault(next) ?? (isRecoded ? Unknown(next, view.Store.Signals.FirstOrDefault(one => one.Number == next.Signal)) : null)) is ProblemHttpResult fault)
        {
            return Task.FromResult<IResult>(fault);
        }

        return journal.DoAsync(EntryOf(AuditAct.MarkChange, next), async () =>
        {
            (AnnotationOutcome outcome, AnnotationBlock? stored) = await book.ChangeAsync(key, version, newest => Changed(newest, change, change.Attributes is null ? newest.Attributes : attributes), cancel);
            return outcome switch
            {
                AnnotationOutcome.Stored when stored is not null => TypedResults.Ok(marks.Answer(stored)),
                AnnotationOutcome.Conflicting => Problems.Conflict("The mark was changed by someone else; read it again, then change it."),
                _ => NoMark(),
            };
        });
    }

    /// <summary>Kind, signal and time; what the mark says stands in the store, under the stay's key.</summary>
    private static AuditEntry EntryOf(AuditAct act, AnnotationBlock mark) =>
        ActJournal.AtScreen(act, AuditFact.Of(AuditFactKind.Kind, mark.Kind), AuditFact.Of(AuditFactKind.Signal, mark.Signal.Value), AuditFact.Of(AuditFactKind.From, mark.Start));

    private static ProblemHttpResult NoMark() => Problems.NotFound("There is no mark with this key; devices' own marks cannot be changed.");

    private static AnnotationBlock Changed(AnnotationBlock former, ChangedAnnotation change, CodedAttributes attributes) => former with
    {
        Start = change.Time ?? former.Start,
        Until = change.Open == true ? null : change.Until ?? former.Until,
        Kind = change.Kind ?? former.Kind,
        Text = change.Text ?? former.Text,
        Attributes = change.Attributes is null && change.Kind is { } kind && kind != former.Kind ? CodedAttributes.None : attributes,
        Withdrawn = change.Withdrawn ?? former.Withdrawn,
    };

    private static ProblemHttpResult? Fault(AnnotationBlock mark)
    {
        if (!AnnotationBook.Key.IsMatch(mark.Key))
        {
            return Problems.BadRequest("'key' must be 8 to 64 of the characters A-Z a-z 0-9 - _ . only.");
        }

        if (!AnnotationBook.Kind.IsMatch(mark.Kind))
        {
            return Problems.BadRequest("'kind' must be 1 to 40 of the characters a-z 0-9 - only, like suction.");
        }

        if (mark.Text.Length > LongestText)
        {
            return Problems.BadRequest($"'text' may have {LongestText} characters at most.");
        }

        return mark.Until < mark.Start ? Problems.BadRequest("'until' must not lie before 'time'.") : null;
    }

    /// <summary>The attributes of a request, or those that were there.</summary>
    private static bool Coded(
        IReadOnlyDictionary<string, string?>? said, CodedAttributes former, [NotNullWhen(true)] out CodedAttributes? attributes, [NotNullWhen(false)] out ProblemHttpResult? wrong)
    {
        wrong = null;
        attributes = former;
        if (said is null || CodedAttributes.TryCreate(said, out attributes, out string? fault))
        {
            return attributes is not null;
        }

        wrong = Problems.BadRequest($"'attributes': {fault}.");
        return false;
    }

    /// <summary>What the catalogue has against a person's mark; null = nothing.</summary>
    private static ProblemHttpResult? Unknown(AnnotationBlock mark, Signal? signal)
    {
        if (ContextCatalog.Shipped.Find(mark.Kind) is not { IsOfPerson: true } kind)
        {
            return Problems.BadRequest("'kind' must be one that /api/v1/context offers.");
        }

        if (signal is null ? !kind.IsOfBed : !kind.Fits(signal))
        {
            return Problems.BadRequest(signal is null ? $"'signal' must say which: {kind.Code} is said of a signal." : $"'signal': {kind.Code} cannot be said of {signal.Id}; /api/v1/context says of what it can.");
        }

        return kind.Fault(mark.Attributes) is { } fault ? Problems.BadRequest(fault) : null;
    }
}
