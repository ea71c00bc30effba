using System.Collections.Concurrent;
using Bedside.Model.Audit;
using Bedside.Model.Research;
using Bedside.Viewer.Rights;
using Microsoft.AspNetCore.Http;

namespace Bedside.Viewer.Research;

/// <summary>How a named person gets the package: a link on their page, and the transfer. Where the study is and what patients said is read anew at every request.</summary>
internal sealed class DownloadDesk(ResearchBox box, AreaDesk area, StudyDesk studies, LinkDesk links, ActJournal journal, TimeProvider time) : IDisposable
{
    /// <summary>Transfers that run, by the hash of their link: another one of the same link ends the first.</summary>
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    public async Task<IResult> LinkAsync(HttpContext context, string id, CancellationToken cancel)
    {
        if ((area.Nobody(context, out Person person, out Tongue tongue) ?? area.NoStudy(context, tongue, person, id, out _)) is { } refusal)
        {
            return refusal;
        }

        Study study = box.Find(id)!;
        StudyView view = studies.ViewOf(study, person);
        (int Status, TwoTongues Says)? against = view.NoLink is { } no ? (StatusCodes.Status409Conflict, no) : await ShutAsync(study, view.Package, cancel);
        if (against is { } shut)
        {
            return TurnDown(context, tongue, person, view, shut.Status, shut.Says, "link");
        }

        try
        {
            (string? token, TwoTongues? used) = links.Make(view.Package!, person.Who);
            return token is null
                ? TurnDown(context, tongue, person, view, StatusCodes.Status410Gone, used!, "link-used")
                : studies.Answer(context, tongue, person, view with { Link = $"{view.Path}/package?link={token}&{Tongue.Field}={tongue.Code}" });
        }
        catch (IOException)
        {
            return studies.Answer(context, tongue, person, view with { Refusal = StudyDesk.Unwritten }, StatusCodes.Status503ServiceUnavailable);
        }
    }

    public async Task<IResult> FetchAsync(HttpContext context, string id, CancellationToken cancel)
    {
        if ((area.Nobody(context, out Person person, out Tongue tongue) ?? area.NoStudy(context, tongue, person, id, out _)) is { } refusal)
        {
            return refusal;
        }

        Study study = box.Find(id)!;
        StudyView view = studies.ViewOf(study, person);
        if (box.Links is null || !view.IsNamed)
        {
            return TurnDown(context, tongue, person, view, StatusCodes.Status404NotFound, new("Seules les personnes nommées dans la demande téléchargent le paquet.", "Only the people who are named in the request download the package."), "not-named");
        }

        try
        {
            if (links.Refusal(context.Request.Query["link"].ToString(), view.Package, study.Id, person.Who, out DownloadLink? link) is { } replayed)
            {
                return TurnDown(context, tongue, person, view, StatusCodes.Status410Gone, replayed, "link");
            }

            if (await ShutAsync(study, view.Package, cancel) is { } shut)
            {
                return TurnDown(context, tongue, person, view, shut.Status, shut.Says, "shut");
            }

            return Begin(context, tongue, person, view, link!);
        }
        catch (IOException)
        {
            return studies.Answer(context, tongue, person, view with { Refusal = StudyDesk.Unwritten }, StatusCodes.Status503ServiceUnavailable);
        }
    }

    public void Dispose()
    {
        foreach (CancellationTokenSource one in _running.Values)
        {
            one.Dispose();
        }
    }

    private IResult Begin(HttpContext context, Tongue tongue, Person person, StudyView view, DownloadLink link)
    {
        ShelvedPackage package = view.Package!;
        if (box.Shelf!.Open(package, person.Who) is not { } file)
        {
            return TurnDown(context, tongue, person, view, StatusCodes.Status410Gone, new("Le paquet a été effacé du boîtier.", "The package was erased from the box."), "gone");
        }

        string entity = $"\"{package.Digest}-{link.Hash[..16]}\"";
        string? asked = context.Request.Headers.IfRange.ToString() is { Length: > 0 } known && known != entity ? null : context.Request.Headers.Range.ToString();
        if (!ByteRange.TryRead(asked, file.Length, out ByteRange? range))
        {
            context.Response.Headers.ContentRange = $"bytes */{file.Length}";
            file.Dispose();
            return area.Refuse(context, tongue, StatusCodes.Status416RangeNotSatisfiable, new("Le paquet n’a pas ces octets.", "The package has no such bytes."));
        }

        try
        {
            // Each try is a step of the study: it counts to three, and stands in the public log before the first byte leaves.
            box.Studies!.Take(new AskedStep(package.Study, StudyStepKind.Fetch, person.Who, person.Account!.Roles, string.Empty));
        }
        catch (StudyRefusedException refused)
        {
            file.Dispose();
            return TurnDown(context, tongue, person, view, StatusCodes.Status410Gone, refused.Sentence, "tries");
        }
        catch (IOException)
        {
            file.Dispose();
            throw;
        }

        return new PackageTransfer(file, range, package, entity, time, async cancel => await ShutAsync(box.Find(package.Study)!, package, cancel) is null, () => links.Use(link), Alone(link.Hash));
    }

    /// <summary>One transfer of a link at a time.</summary>
    private CancellationToken Alone(string hash)
    {
        var own = new CancellationTokenSource();
        _running.AddOrUpdate(
            hash,
            static (_, next) => next,
            static (_, former, next) =>
            {
                former.Cancel();
                return next;
            },
            own);
        return own.Token;
    }

    /// <summary>Null = it may be fetched now.</summary>
    private async Task<(int Status, TwoTongues Says)?> ShutAsync(Study study, ShelvedPackage? package, CancellationToken cancel)
    {
        StudyState state = box.Studies!.StateOf(study);
        if (state != StudyState.Released)
        {
            return (StatusCodes.Status410Gone, new TwoTongues(
                $"Le paquet n’est pas à prendre : l’étude est « {StudyWords.Of(state).French} ».", $"The package is not to be had: the study is “{StudyWords.Of(state).English}”."));
        }

        if (package is null || box.Links is null)
        {
            return (StatusCodes.Status404NotFound, new TwoTongues("Aucun paquet ne se trouve sur ce boîtier.", "No package lies on this box."));
        }

        try
        {
            return await box.Shelf!.IsOpenAsync(package, cancel) is { } why ? (StatusCodes.Status410Gone, why) : null;
        }
        catch (IOException)
        {
            return (StatusCodes.Status503ServiceUnavailable, AreaDesk.Unasked);
        }
    }

    private IResult TurnDown(HttpContext context, Tongue tongue, Person person, StudyView view, int status, TwoTongues says, string what)
    {
        journal.TurnedDown(ActJournal.AtScreen(AuditAct.ResearchFetch, AuditFact.Of(AuditFactKind.Kind, what)));
        return studies.Answer(context, tongue, person, view with { Refusal = says, NoLink = view.NoLink ?? says }, status);
    }
}
